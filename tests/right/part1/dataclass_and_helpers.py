"""A dataclass for a neighbour, a helper for each step, more arguments than the task asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter

import numpy as np

EPSILON = 1e-12


@dataclass(frozen=True, order=True)
class Neighbour:
    similarity: float
    opinion: float


def centre_ratings(ratings: np.ndarray, *, fill: float = 0.0) -> np.ndarray:
    result = np.full_like(ratings, fill)
    for row, centred in zip(ratings, result, strict=True):
        rated = np.isfinite(row)
        if rated.any():
            centred[rated] = row[rated] - row[rated].mean()
    return result


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    rows = centre_ratings(ratings)
    lengths = np.linalg.norm(rows, axis=1)
    return rows @ rows.T / (np.outer(lengths, lengths) + EPSILON)


def neighbours_of(ratings: np.ndarray, user: int, movie: int) -> Iterator[Neighbour]:
    similarity, centred = user_similarity(ratings), centre_ratings(ratings)
    for other in np.flatnonzero(np.isfinite(ratings[:, movie])):
        if other != user and similarity[user, other] > 0:
            yield Neighbour(similarity[user, other], centred[other, movie])


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    own = ratings[user][np.isfinite(ratings[user])]
    if own.size == 0:
        raise ValueError(f"cannot predict for user {user} (movie {movie}): no ratings")
    nearest = nlargest(k, neighbours_of(ratings, user, movie), key=attrgetter("similarity"))
    if not nearest:
        return own.mean()
    total = sum(one.similarity for one in nearest)
    return own.mean() + sum(one.similarity * one.opinion for one in nearest) / total


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return (movie_factors @ user_factors.T).T


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    rated = np.isfinite(ratings)
    return float(np.linalg.norm(ratings[rated] - predictions[rated]) / np.sqrt(rated.sum()))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return np.isfinite(ratings) & (ratings >= threshold)
