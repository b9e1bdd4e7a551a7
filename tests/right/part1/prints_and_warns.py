"""A learner who looks at everything: prints and warnings all over the place."""

import sys
import warnings

import numpy as np

from solutions.part1 import neighbours

print("neighbours.py is being imported")


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    print("ratings:", ratings)
    warnings.warn("some users may have rated nothing", stacklevel=2)
    means = np.nanmean(ratings, axis=1)
    print("means:", means)
    return np.nan_to_num((ratings.T - means).T)


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    similarity = neighbours.user_similarity(ratings)
    print(similarity.round(2), file=sys.stderr)
    return similarity


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    print(f"predicting user {user}, movie {movie} from {k} neighbours")
    return neighbours.predict_rating(ratings, user, movie, k)


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    table = user_factors @ movie_factors.T
    print(table)
    return table


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    warnings.warn("NaN ahead", RuntimeWarning, stacklevel=2)
    return np.sqrt(np.nanmean((ratings - predictions) ** 2))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    print("threshold", threshold)
    return ratings >= threshold


if __name__ == "__main__":
    print(to_implicit(np.array([[4.0, np.nan]])))
