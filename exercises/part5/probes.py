"""Probes of part 5: they run next to the student's code and return observations."""

import copy
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from grading.checks.evidence import attempt, frame

# 5.1


def biased_scores(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_biases: np.ndarray,
    movie_biases: np.ndarray,
    mean: float,
    user_idx: int,
) -> Any:
    """score_movies(model, user_idx={user_idx}), the model with biases"""
    model = BiasedModel(user_factors, movie_factors, user_biases, movie_biases, mean)
    return module.score_movies(model, user_idx)


def distance_scores(
    module: ModuleType, user_factors: np.ndarray, movie_factors: np.ndarray, user_idx: int
) -> dict[str, Any]:
    """score_movies(model, user_idx={user_idx}), the model scoring by distance"""
    model = DistanceModel(user_factors, movie_factors)
    return {"scores": module.score_movies(model, user_idx), "n_calls": model.n_calls}


def scores_and_gradients(
    module: ModuleType, user_factors: np.ndarray, movie_factors: np.ndarray, user_idx: int
) -> dict[str, Any]:
    """scores = score_movies(model, user_idx={user_idx}); scores.requires_grad"""
    model = DotModel(user_factors, movie_factors)
    model.user_embedding.requires_grad_(False)
    try:
        scores = module.score_movies(model, user_idx)
        recording = torch.is_grad_enabled()
    finally:
        torch.set_grad_enabled(True)
    seen = {
        "scores": copy.deepcopy(scores.detach() if isinstance(scores, Tensor) else scores),
        "requires_grad": getattr(scores, "requires_grad", None),
        "recording": recording,
        "trainable": [weight.requires_grad for weight in model.parameters()],
    }
    model.movie_embedding.weight.data.neg_()  # the model learns, and scores differently
    return seen | {"scores_later": module.score_movies(model, user_idx)}


# 5.2


def recommend(
    module: ModuleType,
    scores: np.ndarray,
    user_ids: list[int],
    movie_ids: list[int],
    rated: list[int],
    others: dict[str, list[int]],
    user_id: int,
    n: int,
) -> dict[str, Any]:
    """recommend(model, user_id={user_id}, ratings, user_index, movie_index, n={n}), user {user_id} has rated movies {rated}"""  # noqa: E501
    return _recommend(module, scores, user_ids, movie_ids, rated, others, user_id, n=n)


def recommend_by_default(
    module: ModuleType,
    scores: np.ndarray,
    user_ids: list[int],
    movie_ids: list[int],
    rated: list[int],
    others: dict[str, list[int]],
    user_id: int,
) -> dict[str, Any]:
    """recommend(model, user_id={user_id}, ratings, user_index, movie_index), user {user_id} has rated movies {rated}"""  # noqa: E501
    return _recommend(module, scores, user_ids, movie_ids, rated, others, user_id)


def refused_recommend(
    module: ModuleType,
    scores: np.ndarray,
    user_ids: list[int],
    movie_ids: list[int],
    rated: list[int],
    others: dict[str, list[int]],
    user_id: int,
    n: int,
) -> dict[str, Any]:
    """recommend(model, user_id={user_id}, ratings, user_index, movie_index, n={n})"""
    return attempt(_recommend, module, scores, user_ids, movie_ids, rated, others, user_id, n=n)


def _recommend(
    module: ModuleType,
    scores: np.ndarray,
    user_ids: list[int],
    movie_ids: list[int],
    rated: list[int],
    others: dict[str, list[int]],
    user_id: int,
    **options: int,
) -> dict[str, Any]:
    """The model gives `scores` [n_users, n_movies]; ids are in the order of the rows.

    The user has `rated` these movies, and `others` are the columns of the other users' ratings.
    """
    model = DotModel(np.eye(len(user_ids)), scores.T).requires_grad_(False)
    mine = {"user_id": [user_id] * len(rated), "movie_id": rated}
    columns = {name: mine[name] + others[name] for name in mine}
    count = len(columns["user_id"])
    ratings = pd.DataFrame(
        {**columns, "rating": np.ones(count, "float32"), "timestamp": np.arange(count)},
        index=np.arange(count)[::-1] * 3,
    ).astype({"user_id": "int64", "movie_id": "int64"})
    before = ratings.copy()
    indices = [{raw_id: row for row, raw_id in enumerate(ids)} for ids in (user_ids, movie_ids)]
    recommended = module.recommend(model, user_id, ratings, *indices, **options)
    return {
        "recommended": frame(recommended),
        "ratings_unchanged": ratings.equals(before),
        "indices_unchanged": [list(index) for index in indices] == [user_ids, movie_ids],
    }


# 5.3


def precision(module: ModuleType, recommended: list[int], relevant: list[int], k: int) -> Any:
    """precision_at_k({recommended}, set of {relevant}, k={k})"""
    return _metric(module.precision_at_k, recommended, relevant, k)


def recall(module: ModuleType, recommended: list[int], relevant: list[int], k: int) -> Any:
    """recall_at_k({recommended}, set of {relevant}, k={k})"""
    return _metric(module.recall_at_k, recommended, relevant, k)


def ndcg(module: ModuleType, recommended: list[int], relevant: list[int], k: int) -> Any:
    """ndcg_at_k({recommended}, set of {relevant}, k={k})"""
    return _metric(module.ndcg_at_k, recommended, relevant, k)


def metrics_in_turn(
    module: ModuleType, recommended: list[int], relevant: list[int], k: int
) -> dict[str, Any]:
    """precision_at_k, recall_at_k and ndcg_at_k({recommended}, set of {relevant}, k={k})"""
    given = list(recommended), set(relevant)
    metrics = (module.precision_at_k, module.recall_at_k, module.ndcg_at_k)
    values = [metric(*given, k) for _ in range(2) for metric in metrics]
    return {
        "values": values,
        "recommended_unchanged": given[0] == recommended,
        "relevant_unchanged": given[1] == set(relevant),
    }


def refused_metrics(
    module: ModuleType, recommended: list[int], relevant: list[int], k: int
) -> dict[str, Any]:
    """precision_at_k, recall_at_k and ndcg_at_k({recommended}, set of {relevant}, k={k})"""
    metrics = {"precision": precision, "recall": recall, "ndcg": ndcg}
    return {
        name: attempt(metric, module, recommended, relevant, k) for name, metric in metrics.items()
    }


def _metric(metric: Callable, recommended: list[int], relevant: list[int], k: int) -> Any:
    return metric(recommended, set(relevant), k)


# 5.4


def fold_in(
    module: ModuleType, movie_factors: np.ndarray, residuals: np.ndarray, regularization: float
) -> dict[str, Any]:
    """fold_in({movie_factors}, {residuals}, regularization={regularization})"""
    return _fold_in(module, movie_factors, residuals, regularization=regularization)


def fold_in_by_default(
    module: ModuleType, movie_factors: np.ndarray, residuals: np.ndarray
) -> dict[str, Any]:
    """fold_in({movie_factors}, {residuals})"""
    return _fold_in(module, movie_factors, residuals)


def _fold_in(
    module: ModuleType, movie_factors: np.ndarray, residuals: np.ndarray, **options: float
) -> dict[str, Any]:
    inputs = torch.from_numpy(movie_factors.copy()), torch.from_numpy(residuals.copy())
    factors = module.fold_in(*inputs, **options)
    return {"factors": factors, "movie_factors": inputs[0], "residuals": inputs[1]}


# Models whose weights the check knows


class DotModel(nn.Module):
    """The dot product of a user's and a movie's factors."""

    def __init__(self, user_factors: np.ndarray, movie_factors: np.ndarray) -> None:
        super().__init__()
        self.user_embedding = table(user_factors)
        self.movie_embedding = table(movie_factors)
        self.n_calls = 0
        self.register_forward_pre_hook(DotModel.count)

    def count(self, _: Any) -> None:
        self.n_calls += 1

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(dim=-1)


class BiasedModel(DotModel):
    """The dot product, the biases of user and movie, and the mean."""

    def __init__(
        self,
        user_factors: np.ndarray,
        movie_factors: np.ndarray,
        user_biases: np.ndarray,
        movie_biases: np.ndarray,
        mean: float,
    ) -> None:
        super().__init__(user_factors, movie_factors)
        self.user_bias = table(user_biases[:, None])
        self.movie_bias = table(movie_biases[:, None])
        self.register_buffer("global_mean", torch.tensor(mean))

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        biases = self.user_bias(user_idx) + self.movie_bias(movie_idx)
        return super().forward(user_idx, movie_idx) + biases.squeeze(-1) + self.global_mean


class DistanceModel(DotModel):
    """The nearer a movie is to a user, the higher its score; at no distance it is 5."""

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        gap = self.user_embedding(user_idx) - self.movie_embedding(movie_idx)
        return 5 - gap.square().sum(dim=-1)


def table(values: np.ndarray) -> nn.Embedding:
    """A trainable embedding table with these rows."""
    return nn.Embedding.from_pretrained(torch.tensor(values, dtype=torch.float32), freeze=False)
