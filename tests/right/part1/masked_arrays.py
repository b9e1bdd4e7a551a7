"""numpy's masked arrays know which cells are rated."""

import numpy as np
import numpy.ma as ma


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    masked = ma.masked_invalid(ratings)
    return (masked - masked.mean(axis=1, keepdims=True)).filled(0.0)


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    rows = centre_ratings(ratings)
    lengths = np.sqrt((rows**2).sum(axis=1))
    return ma.divide(rows @ rows.T, np.outer(lengths, lengths)).filled(0.0)


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    mean = ma.masked_invalid(ratings[user]).mean()
    if mean is ma.masked:
        raise ValueError(f"user {user} has no ratings")
    similarity = ma.masked_less_equal(user_similarity(ratings)[user], 0.0)
    similarity[np.isnan(ratings[:, movie])] = ma.masked
    similarity[user] = ma.masked
    nearest = similarity.argsort(fill_value=-np.inf)[::-1][: min(k, similarity.count())]
    if not len(nearest):
        return float(mean)
    weights = similarity[nearest].data
    return float(mean + weights @ centre_ratings(ratings)[nearest, movie] / weights.sum())


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return np.inner(user_factors, movie_factors)


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.sqrt(((ma.masked_invalid(ratings) - predictions) ** 2).mean()))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return (ma.masked_invalid(ratings) >= threshold).filled(False)
