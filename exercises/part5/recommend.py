"""Part 5 – Making recommendations: score every movie, hide the seen ones, take the best."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn


def require_positive(name: str, number: int) -> None:
    """Raise ValueError, with the name and the number, unless the number is at least 1."""
    if number < 1:
        raise ValueError(f"{name} must be at least 1, got {number}")


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    """The model's prediction of one user for every movie.

    Args:
        model: called as `model(user_idx, movie_idx)`; `model.movie_embedding` has a row a movie.

    Returns:
        float `[n_movies]`, without gradients; the model can be trained as before.
    """
    # TODO 5.1: the user against all movies in one call, without gradients (about 5 lines)
    raise NotImplementedError(
        "TODO 5.1: the user against all movies in one call, without gradients (about 5 lines)"
    )


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    """The `n` movies with the highest predicted ratings that the user has not rated yet.

    The arguments are left as they are.

    Args:
        user_id: a raw id.
        ratings: what has been rated, with raw ids in `user_id` and `movie_id`.
        user_index, movie_index: raw id → index, as `build_index` makes them.

    Returns:
        columns `movie_id` and `predicted_rating`, best first, ties by lower `movie_id`;
        min(n, unseen) rows.

    Raises:
        KeyError: the user is unknown; the message names the user.
        ValueError: `n` is less than 1; the message names it.
    """
    # TODO 5.2: score, mask the seen movies with −inf, rank, translate back (about 11 lines)
    raise NotImplementedError(
        "TODO 5.2: score, mask the seen movies with −inf, rank, translate back (about 11 lines)"
    )


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Which share of the first `k` recommendations is relevant.

    Divides by `k`, also where fewer are recommended. Without relevant items 0.0.

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the relevant among the first k, divided by k (about 3 lines)
    raise NotImplementedError(
        "TODO 5.3: the relevant among the first k, divided by k (about 3 lines)"
    )


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Which share of the relevant items is among the first `k` recommendations.

    Without relevant items 0.0.

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the relevant among the first k, divided by the number relevant (about 5 lines)
    raise NotImplementedError(
        "TODO 5.3: the relevant among the first k, divided by the number relevant (about 5 lines)"
    )


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Binary nDCG: a hit at rank r (from 1) gains 1 / log2(r + 1), as a share of the ideal list.

    The ideal has hits at the first min(k, number relevant) ranks. Without relevant items 0.0.
    (Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques")

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the discounted gain of the list over that of the ideal list (about 7 lines)
    raise NotImplementedError(
        "TODO 5.3: the discounted gain of the list over that of the ideal list (about 7 lines)"
    )


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    """Factors for a newcomer who rated m movies, while the movie factors stay frozen.

    Ridge regression in closed form: p = (QᵀQ + λI)⁻¹ Qᵀr.

    Args:
        movie_factors: Q, float `[m, n_factors]`, of the movies that the newcomer rated; for m = 0
            p is all 0.
        residuals: r, float `[m]`, what the biases leave unexplained of those ratings.
        regularization: λ.

    Returns:
        p, float `[n_factors]`.
    """
    # TODO 5.4: solve the regularised normal equations (about 3 lines)
    raise NotImplementedError("TODO 5.4: solve the regularised normal equations (about 3 lines)")
