"""Written in an editor that ends lines with CR LF."""

import numpy as np

from solutions.part1.neighbours import (  # noqa: F401
    centre_ratings,
    predict_rating,
    user_similarity,
)


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return np.tensordot(user_factors, movie_factors, axes=(1, 1))


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    """The weighted mean of the squares – a weight of 0 where there is no rating."""
    errors = np.nan_to_num(ratings - predictions)
    return float(np.sqrt(np.average(errors**2, weights=~np.isnan(ratings))))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    liked = np.zeros(ratings.shape, dtype=bool)
    liked[ratings >= threshold] = True
    return liked
