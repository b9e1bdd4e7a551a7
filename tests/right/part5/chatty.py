"""Prints and warns on the way, with helpers and constants of its own."""

import warnings

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

DEBUG = True


def log(*words: object) -> None:
    if DEBUG:
        print(*words)


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    scores = reference.score_movies(model, user_idx)
    log("scores", scores)
    return nn.Parameter(scores, requires_grad=False)


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    log("ratings", ratings.head())
    if n > 5:
        warnings.warn("a long list", stacklevel=2)
    ratings = ratings.copy()
    ratings["movie_idx"] = ratings["movie_id"].map(movie_index)
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)


def fold_in(movie_factors, residuals, regularization=1.0):
    log("λ", regularization)
    return reference.fold_in(movie_factors, residuals, regularization)
