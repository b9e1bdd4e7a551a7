"""Everything in float32, as the model will be, and numpy scalars instead of Python floats."""

import numpy as np


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    ratings = ratings.astype("float32")
    n_rated = np.count_nonzero(~np.isnan(ratings), axis=1)
    means = np.nansum(ratings, axis=1) / np.where(n_rated == 0, 1, n_rated).astype("float32")
    return np.nan_to_num(ratings - means[:, np.newaxis])


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    rows = centre_ratings(ratings)
    lengths = np.linalg.norm(rows, axis=1)
    lengths[lengths == 0] = 1
    return (rows / lengths[:, None]) @ (rows / lengths[:, None]).T


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> np.float32:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"{user=} has no ratings")
    mean = np.nanmean(ratings[user].astype("float32"))
    weights = user_similarity(ratings)[user].copy()
    weights[user] = 0
    weights[np.isnan(ratings[:, movie])] = 0
    weights[weights < 0] = 0
    weights[np.argsort(weights)[:-k]] = 0  # all but the k largest
    if weights.sum() == 0:
        return mean
    return mean + weights @ centre_ratings(ratings)[:, movie] / weights.sum()


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return user_factors.astype("float32").dot(movie_factors.astype("float32").transpose())


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> np.float32:
    return np.sqrt(np.nanmean(np.square(ratings - predictions, dtype="float32")))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return np.greater_equal(ratings.astype("float32"), threshold)
