"""What makes the app's lists: a trained model, or counting who likes what."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
import torch

from tutorial.app.library import Library
from tutorial.rankers import LIKED, ease_weights
from tutorial.reasons import Suggestion, strongest

REASONS = 2  # liked movies that explain a title
WELL_RATED = 20  # a movie with fewer ratings is nobody's neighbour: too little is known of it


class Recommender(Protocol):
    """Movies and users are rows of the library."""

    def for_newcomer(self, rated: Mapping[int, int], n: int) -> list[Suggestion]:
        """The best unrated movies for somebody with these ratings: movie → stars."""

    def for_user(self, user: int, n: int) -> list[Suggestion]:
        """The best unrated movies for a user of the data."""

    def similar(self, movie: int, k: int) -> list[int]:
        """The movies most like this one, best first."""

    def map_of(self, movies: Sequence[int]) -> np.ndarray:
        """A place for each movie: float `[len(movies), 2]`, similar movies close together."""


class Counting:
    """Lists by EASE: from who likes what to weights between movies, without anything trained."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def _likes(self) -> np.ndarray:
        return (self._library.stars >= LIKED).astype(float)

    @cached_property
    def _weights(self) -> np.ndarray:
        return ease_weights(self._likes, regularization=200.0)

    def for_newcomer(self, rated: Mapping[int, int], n: int) -> list[Suggestion]:
        liked = [movie for movie, stars in rated.items() if stars >= LIKED]
        if not liked:
            return [Suggestion(movie, 0.0, []) for movie in self._favourites if movie not in rated][
                :n
            ]
        weights = self._weights[liked]  # [liked, n_movies]
        return picks(liked, weights, weights.sum(axis=0), rated, n)

    def for_user(self, user: int, n: int) -> list[Suggestion]:
        return self.for_newcomer(ratings_of(self._library, user), n)

    def similar(self, movie: int, k: int) -> list[int]:
        candidates = well_rated(self._library, movie)
        order = np.argsort(-self._cosines(movie)[candidates], kind="stable")
        return [candidates[place] for place in order[:k]]

    def map_of(self, movies: Sequence[int]) -> np.ndarray:
        likes = self._likes[:, movies] / np.sqrt(self._likes[:, movies].sum(axis=0) + 1)
        return main_axes(likes.T)

    @cached_property
    def _favourites(self) -> list[int]:
        return np.argsort(-self._likes.sum(axis=0), kind="stable").tolist()

    def _cosines(self, movie: int) -> np.ndarray:
        lengths = np.sqrt(self._likes.sum(axis=0))
        return self._likes[:, movie] @ self._likes / (lengths[movie] * lengths + 20)


def picks(
    liked: Sequence[int],
    contributions: np.ndarray,
    scores: np.ndarray,
    rated: Mapping[int, int],
    n: int,
) -> list[Suggestion]:
    """The best unrated movies, each with the liked ones that contribute most to it.

    Args:
        contributions: float `[len(liked), n_movies]`.
        scores: float `[n_movies]`.
    """
    scores = scores.copy()
    scores[list(rated)] = -np.inf
    best = np.argsort(-scores, kind="stable")[: min(n, len(scores) - len(rated))]
    because = strongest(torch.from_numpy(contributions[:, best]), liked, REASONS)
    return list(map(Suggestion, best.tolist(), scores[best].tolist(), because))


def ratings_of(library: Library, user: int) -> dict[int, int]:
    """A user's ratings: movie → stars."""
    given = library.stars[user]
    return {int(movie): int(given[movie]) for movie in np.flatnonzero(given)}


def well_rated(library: Library, besides: int) -> list[int]:
    """The movies that can be somebody's neighbours."""
    rows = np.flatnonzero(library.counts >= WELL_RATED).tolist()
    return [row for row in rows if row != besides]


def main_axes(points: np.ndarray) -> np.ndarray:
    """Points on the two main axes of where they lie (PCA): float `[points, 2]`."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return centred @ axes[:2].T
