"""Probes of part 1: they run next to the student's code and return observations."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from grading.checks.evidence import attempt


def centre_ratings(module: ModuleType, ratings: np.ndarray) -> Any:
    """centre_ratings({ratings})"""
    return module.centre_ratings(ratings)


def centre_and_look_back(module: ModuleType, ratings: np.ndarray) -> dict[str, Any]:
    """centre_ratings(np.asfortranarray({ratings})), and then a look at that array"""
    return look_back(module.centre_ratings, ratings=ratings)


def user_similarity(module: ModuleType, ratings: np.ndarray) -> Any:
    """user_similarity({ratings})"""
    return module.user_similarity(ratings)


def compare_and_look_back(module: ModuleType, ratings: np.ndarray) -> dict[str, Any]:
    """user_similarity(np.asfortranarray({ratings})), and then a look at that array"""
    return look_back(module.user_similarity, ratings=ratings)


def predict_rating(module: ModuleType, ratings: np.ndarray, user: int, movie: int) -> Any:
    """predict_rating({ratings}, user={user}, movie={movie})"""
    return module.predict_rating(ratings, user, movie)


def predict_rating_by(
    module: ModuleType, ratings: np.ndarray, user: int, movie: int, k: int
) -> Any:
    """predict_rating({ratings}, user={user}, movie={movie}, k={k})"""
    return module.predict_rating(ratings, user, movie, k=k)


def predict_and_look_back(
    module: ModuleType, ratings: np.ndarray, user: int, movie: int
) -> dict[str, Any]:
    """predict_rating(np.asfortranarray({ratings}), user={user}, movie={movie}), and then a look at that array"""  # noqa: E501
    return look_back(lambda ratings: module.predict_rating(ratings, user, movie), ratings=ratings)


def predict_ratings(
    module: ModuleType, ratings: np.ndarray, users: list[int], movies: list[int], k: int
) -> list[Any]:
    """[predict_rating({ratings}, user, movie, k={k}) for user, movie in zip({users}, {movies})]"""
    return [
        module.predict_rating(ratings.copy(), user, movie, k=k)
        for user, movie in zip(users, movies, strict=True)
    ]


def predict_for_nobody(
    module: ModuleType, ratings: np.ndarray, user: int, movie: int
) -> dict[str, Any]:
    """predict_rating({ratings}, user={user}, movie={movie}), where user {user} has no ratings"""
    return attempt(module.predict_rating, ratings, user, movie)


def reconstruct(module: ModuleType, user_factors: np.ndarray, movie_factors: np.ndarray) -> Any:
    """reconstruct({user_factors}, {movie_factors})"""
    return module.reconstruct(user_factors, movie_factors)


def observed_rmse(module: ModuleType, ratings: np.ndarray, predictions: np.ndarray) -> Any:
    """observed_rmse({ratings}, {predictions})"""
    return module.observed_rmse(ratings, predictions)


def measure_and_look_back(
    module: ModuleType, ratings: np.ndarray, predictions: np.ndarray
) -> dict[str, Any]:
    """observed_rmse(np.asfortranarray({ratings}), {predictions}), and then a look at both"""
    arrays = {"ratings": np.asfortranarray(ratings), "predictions": predictions}
    return {"returned": module.observed_rmse(**arrays), **arrays}


def to_implicit(module: ModuleType, ratings: np.ndarray) -> Any:
    """to_implicit({ratings})"""
    return module.to_implicit(ratings)


def to_implicit_from(module: ModuleType, ratings: np.ndarray, threshold: float) -> Any:
    """to_implicit({ratings}, threshold={threshold})"""
    return module.to_implicit(ratings, threshold=threshold)


def like_and_look_back(module: ModuleType, ratings: np.ndarray) -> dict[str, Any]:
    """to_implicit(np.asfortranarray({ratings})), and then a look at that array"""
    return look_back(module.to_implicit, ratings=ratings)


def look_back(function: Callable, ratings: np.ndarray) -> dict[str, Any]:
    """What a function returns and leaves of an array in Fortran order, as pandas gives them."""
    ratings = np.asfortranarray(ratings)
    return {"returned": function(ratings), "ratings": ratings}
