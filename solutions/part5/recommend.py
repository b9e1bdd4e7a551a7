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
    # BEGIN SOLUTION 5.1
    table = model.get_parameter("movie_embedding.weight")  # [n_movies, n_factors]
    movie_idx = torch.arange(len(table), device=table.device)
    with torch.no_grad():
        return model(torch.full_like(movie_idx, user_idx), movie_idx)
    # END SOLUTION 5.1


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
    # BEGIN SOLUTION 5.2
    require_positive("n", n)
    if user_id not in user_index:
        raise KeyError(f"user_id {user_id} is unknown")
    movie_ids = np.array(list(movie_index))  # in the order of the rows: the index is ascending
    seen = np.isin(movie_ids, ratings.loc[ratings["user_id"] == user_id, "movie_id"])
    scores = score_movies(model, user_index[user_id]).cpu()
    scores = scores.masked_fill(torch.from_numpy(seen), -torch.inf)
    best_first = scores.argsort(descending=True, stable=True)  # stable: ties by lower movie_id
    best = best_first[: min(n, np.count_nonzero(~seen))].numpy()
    return pd.DataFrame({"movie_id": movie_ids[best], "predicted_rating": scores.numpy()[best]})
    # END SOLUTION 5.2


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Which share of the first `k` recommendations is relevant.

    Divides by `k`, also where fewer are recommended. Without relevant items 0.0.

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the relevant among the first k, divided by k (about 3 lines)
    # BEGIN SOLUTION 5.3
    require_positive("k", k)
    return sum(item in relevant for item in recommended[:k]) / k
    # END SOLUTION 5.3


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Which share of the relevant items is among the first `k` recommendations.

    Without relevant items 0.0.

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the relevant among the first k, divided by the number relevant (about 5 lines)
    # BEGIN SOLUTION 5.3
    require_positive("k", k)
    if not relevant:
        return 0.0
    return sum(item in relevant for item in recommended[:k]) / len(relevant)
    # END SOLUTION 5.3


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Binary nDCG: a hit at rank r (from 1) gains 1 / log2(r + 1), as a share of the ideal list.

    The ideal has hits at the first min(k, number relevant) ranks. Without relevant items 0.0.
    (Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques")

    Raises:
        ValueError: `k` is less than 1; the message names it.
    """
    # TODO 5.3: the discounted gain of the list over that of the ideal list (about 7 lines)
    # BEGIN SOLUTION 5.3
    require_positive("k", k)
    if not relevant:
        return 0.0
    gains = 1 / np.log2(np.arange(k) + 2)  # rank 1 gains 1 / log2(2)
    hits = [item in relevant for item in recommended[:k]]
    return float(gains[: len(hits)] @ hits / gains[: len(relevant)].sum())
    # END SOLUTION 5.3


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
    # BEGIN SOLUTION 5.4
    identity = torch.eye(movie_factors.shape[1]).to(movie_factors)  # of its dtype, on its device
    gram = movie_factors.T @ movie_factors + regularization * identity  # [n_factors, n_factors]
    return torch.linalg.solve(gram, movie_factors.T @ residuals)
    # END SOLUTION 5.4
