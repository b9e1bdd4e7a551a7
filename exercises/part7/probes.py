"""Probes of part 7: they run next to the student's code and return observations."""

import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from grading.checks.evidence import attempt

# 7.1


def tower_tables(
    module: ModuleType, n_users: int, features: np.ndarray, n_factors: int, n_hidden: int
) -> dict[str, Any]:
    """TwoTower(n_users={n_users}, movie_features, n_factors={n_factors}, n_hidden={n_hidden})"""
    return _described(module.TwoTower(n_users, torch.tensor(features), n_factors, n_hidden))


def tower_tables_by_default(
    module: ModuleType, n_users: int, features: np.ndarray
) -> dict[str, Any]:
    """TwoTower(n_users={n_users}, movie_features)"""
    return _described(module.TwoTower(n_users, torch.tensor(features)))


def _described(model: nn.Module) -> dict[str, Any]:
    """The tables, the shapes of all other weights, and what is kept beside them."""
    weights = {name: one for name, one in model.named_parameters() if one.requires_grad}
    tables = ("user_embedding.weight", "movie_embedding.weight", "position_embedding.weight")
    return {
        "tables": {name: one for name, one in weights.items() if name in tables},
        "others": [list(one.shape) for name, one in weights.items() if name not in tables],
        "kept": {name: one for name, one in model.named_buffers() if name == "movie_features"},
    }


def user_vectors(
    module: ModuleType, features: np.ndarray, tables: dict[str, np.ndarray], user_idx: list[int]
) -> Any:
    """model.user_vectors({user_idx})"""
    return _two_tower(module, features, tables).user_vectors(torch.tensor(user_idx))


def movie_vectors(
    module: ModuleType, features: np.ndarray, tables: dict[str, np.ndarray], movie_idx: list[int]
) -> Any:
    """model.movie_vectors({movie_idx})"""
    return _two_tower(module, features, tables).movie_vectors(torch.tensor(movie_idx))


def tower_scores(
    module: ModuleType,
    features: np.ndarray,
    tables: dict[str, np.ndarray],
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model({user_idx}, {movie_idx})"""
    model = _two_tower(module, features, tables)
    users, movies = torch.tensor(user_idx), torch.tensor(movie_idx)
    return {
        "scores": model(users, movies),
        "user_vectors": model.user_vectors(users),
        "movie_vectors": model.movie_vectors(movies),
    }


def tower_gradients(
    module: ModuleType,
    features: np.ndarray,
    tables: dict[str, np.ndarray],
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model({user_idx}, {movie_idx}).sum().backward()"""
    model = _two_tower(module, features, tables)
    model(torch.tensor(user_idx), torch.tensor(movie_idx)).sum().backward()
    return _gradients(model, ("user_embedding", "movie_embedding"))


def _gradients(model: nn.Module, tables: tuple[str, ...]) -> dict[str, Any]:
    """The tables' gradients, and the names of other weights without one or with NaN in it."""
    of_tables = {f"{name}.weight" for name in tables}
    rest = [(n, one) for n, one in model.named_parameters() if n not in of_tables]
    return {
        **{name: _dense(getattr(model, name).weight.grad) for name in tables},
        "without": [name for name, one in rest if one.grad is None],
        "not_finite": [
            name for name, one in rest if one.grad is not None and not one.grad.isfinite().all()
        ],
    }


def _dense(gradient: Tensor | None) -> Tensor | None:
    return gradient.to_dense() if gradient is not None and gradient.is_sparse else gradient


def _two_tower(
    module: ModuleType, features: np.ndarray, tables: dict[str, np.ndarray]
) -> nn.Module:
    """A model whose two tables are those that the check knows."""
    n_users, n_factors = tables["user_embedding"].shape
    model = module.TwoTower(n_users, torch.tensor(features), n_factors, n_hidden=13)
    return _filled(model, tables)


def _filled(model: nn.Module, tables: dict[str, np.ndarray]) -> nn.Module:
    """The model, with these numbers in its tables; further rows stay as they are."""
    with torch.no_grad():
        for name, values in tables.items():
            getattr(model, name).weight[: len(values)] = torch.tensor(values)
    return model


# 7.2


def in_batch_softmax(
    module: ModuleType,
    user_vectors: np.ndarray,
    movie_vectors: np.ndarray,
    movie_idx: list[int],
    log_popularity: np.ndarray | None = None,
) -> dict[str, Any]:
    """in_batch_softmax(user_vectors, movie_vectors, movie_idx={movie_idx}, log_popularity)"""
    return _softmax(module, user_vectors, movie_vectors, movie_idx, log_popularity)


def in_batch_softmax_uncorrected(
    module: ModuleType,
    user_vectors: np.ndarray,
    movie_vectors: np.ndarray,
    movie_idx: list[int],
) -> dict[str, Any]:
    """in_batch_softmax(user_vectors, movie_vectors, movie_idx={movie_idx})"""
    return _softmax(module, user_vectors, movie_vectors, movie_idx)


def _softmax(
    module: ModuleType,
    user_vectors: np.ndarray,
    movie_vectors: np.ndarray,
    movie_idx: list[int],
    *popularity: np.ndarray | None,
) -> dict[str, Any]:
    users, movies = (torch.tensor(one, requires_grad=True) for one in (user_vectors, movie_vectors))
    counts = [None if one is None else torch.tensor(one) for one in popularity]
    loss = module.in_batch_softmax(users, movies, torch.tensor(movie_idx), *counts)
    if isinstance(loss, Tensor) and loss.requires_grad:
        loss.sum().backward()
    return {
        "loss": loss,
        "user_gradient": users.grad,
        "movie_gradient": movies.grad,
        "log_popularity": counts[0] if counts else None,
    }


# 7.3


def histories(
    module: ModuleType, ratings: dict[str, np.ndarray], n_movies: int, max_length: int
) -> dict[str, Any]:
    """make_histories(ratings, n_movies={n_movies}, max_length={max_length})"""
    return _histories(module, ratings, n_movies, max_length)


def histories_by_default(
    module: ModuleType, ratings: dict[str, np.ndarray], n_movies: int
) -> dict[str, Any]:
    """make_histories(ratings, n_movies={n_movies})"""
    return _histories(module, ratings, n_movies)


def _histories(
    module: ModuleType, ratings: dict[str, np.ndarray], n_movies: int, *max_length: int
) -> dict[str, Any]:
    """`ratings` are columns; "index" are the labels of the rows."""
    table = pd.DataFrame({name: one for name, one in ratings.items() if name != "index"})
    table.index = pd.Index(ratings["index"])
    before = table.copy()
    pair = module.make_histories(table, n_movies, *max_length)
    return {
        "pair": list(pair) if isinstance(pair, tuple | list) else pair,
        "unchanged": table.equals(before),
    }


# 7.4


def transition_counts(
    module: ModuleType, inputs: np.ndarray, targets: np.ndarray, n_movies: int
) -> dict[str, Any]:
    """transition_counts(inputs={inputs}, targets={targets}, n_movies={n_movies})"""
    came, next_ = torch.tensor(inputs), torch.tensor(targets)
    counts = module.transition_counts(came, next_, n_movies)
    return {"counts": counts, "inputs": came, "targets": next_}


# 7.5


def next_movie_tables(
    module: ModuleType, n_movies: int, max_length: int, n_factors: int
) -> dict[str, Any]:
    """NextMovie(n_movies={n_movies}, max_length={max_length}, n_factors={n_factors})"""
    return _kept(_new(module, n_movies, max_length=max_length, n_factors=n_factors))


def next_movie_tables_by_default(module: ModuleType, n_movies: int) -> dict[str, Any]:
    """NextMovie(n_movies={n_movies})"""
    return _kept(_new(module, n_movies))


def _kept(model: nn.Module) -> dict[str, Any]:
    return _described(model) | {"max_length": getattr(model, "max_length", None)}


def next_movie_sizes(
    module: ModuleType, tables: dict[str, np.ndarray], history: list[int]
) -> list[dict[str, Any]]:
    """NextMovie(…, n_heads=…, n_layers=…)({history}), for (1, 1), (2, 1), (1, 2) and (1, 3)"""
    found = []
    state = torch.random.get_rng_state()
    for n_heads, n_layers in ((1, 1), (2, 1), (1, 2), (1, 3)):
        torch.random.set_rng_state(state)  # the same weights, where there are as many
        model = _next_movie(module, tables, n_heads=n_heads, n_layers=n_layers)
        weights = sum(one.numel() for one in model.parameters())
        found.append({"scores": model.eval()(torch.tensor([history])), "weights": weights})
    return found


def next_scores(module: ModuleType, tables: dict[str, np.ndarray], history: list[int]) -> Any:
    """model.eval()([{history}])"""
    return _next_movie(module, tables).eval()(torch.tensor([history]))


def next_scores_of_several(
    module: ModuleType, tables: dict[str, np.ndarray], histories: list[list[int]]
) -> list[Any]:
    """model.eval() on each of {histories} alone"""
    model = _next_movie(module, tables).eval()
    return [model(torch.tensor([history])) for history in histories]


def next_scores_of_a_batch(
    module: ModuleType, tables: dict[str, np.ndarray], histories: np.ndarray, lengths: list[int]
) -> dict[str, Any]:
    """model.eval()({histories}), and on each row alone without its padding"""
    model = _next_movie(module, tables).eval()
    batch = torch.tensor(histories)
    rows = zip(batch, lengths, strict=True)
    with torch.no_grad():
        return {
            "together": model(batch),
            "alone": [model(row[None, :length]) for row, length in rows],
        }


def next_gradients(
    module: ModuleType, tables: dict[str, np.ndarray], histories: np.ndarray, pull: np.ndarray
) -> dict[str, Any]:
    """(model({histories}) * pull).sum().backward()"""
    model = _next_movie(module, tables)
    batch = torch.tensor(histories)
    scores = model(batch)
    # As in the loss, no position without a target takes part.
    (scores[batch < len(tables["movie_embedding"])] * torch.tensor(pull)).sum().backward()
    return {"scores": scores, **_gradients(model, ("movie_embedding", "position_embedding"))}


def next_scores_with_dropout(
    module: ModuleType, tables: dict[str, np.ndarray], history: list[int], dropout: float
) -> dict[str, Any]:
    """NextMovie(…, dropout={dropout})([{history}]), twice in training and twice in eval mode"""
    model = _next_movie(module, tables, dropout=dropout)
    batch = torch.tensor([history])
    return {
        "train": [model.train()(batch) for _ in range(2)],
        "eval": [model.eval()(batch) for _ in range(2)],
    }


def _next_movie(module: ModuleType, tables: dict[str, np.ndarray], **options: float) -> nn.Module:
    """A small model whose two tables are those that the check knows."""
    n_movies, n_factors = tables["movie_embedding"].shape
    sizes = {"n_heads": 2, "n_layers": 1, "dropout": 0.0} | options
    max_length = len(tables["position_embedding"])
    model = _new(module, n_movies, max_length=max_length, n_factors=n_factors, **sizes)
    return _filled(model, tables)


def _new(module: ModuleType, n_movies: int, **options: float) -> nn.Module:
    """A `NextMovie`; PyTorch's remark on layers that cannot take a shortcut helps no student."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "enable_nested_tensor is True", UserWarning)
        return module.NextMovie(n_movies, **options)


# 7.6


def next_movie_loss(module: ModuleType, scores: np.ndarray, targets: np.ndarray) -> dict[str, Any]:
    """next_movie_loss(scores, targets={targets})"""
    given = torch.tensor(scores, requires_grad=True)
    loss = module.next_movie_loss(given, torch.tensor(targets))
    if isinstance(loss, Tensor) and loss.requires_grad:
        loss.sum().backward()
    return {"loss": loss, "gradient": given.grad}


class Told(nn.Module):
    """A model whose scores are those of the last movie's row, plus a share of the rows before.

    In place of dropout, every movie gets the score of the one before it in training mode.
    """

    def __init__(self, table: np.ndarray, max_length: int) -> None:
        super().__init__()
        n_movies = table.shape[1]
        self.max_length, self.n_movies = max_length, n_movies
        self.movie_embedding = nn.Embedding(n_movies + 1, n_movies, padding_idx=n_movies)
        _filled(self, {"movie_embedding": table})
        self.modes: list[bool] = []

    def forward(self, histories: Tensor) -> Tensor:
        self.modes.append(self.training)
        rows = self.movie_embedding(histories)  # [batch, length, n_movies]
        scores = rows + 0.5 * (rows.cumsum(dim=1) - rows)
        return scores.roll(1, dims=-1) if self.training else scores


def recommend_next(
    module: ModuleType, table: np.ndarray, max_length: int, history: list[int], n: int
) -> dict[str, Any]:
    """recommend_next(model, history={history}, n={n})"""
    return _recommend_next(module, table, max_length, history, {"n": n})


def recommend_next_by_default(
    module: ModuleType, table: np.ndarray, max_length: int, history: list[int]
) -> dict[str, Any]:
    """recommend_next(model, history={history})"""
    return _recommend_next(module, table, max_length, history, {})


def recommend_next_after_training(
    module: ModuleType, table: np.ndarray, max_length: int, history: list[int], n: int
) -> dict[str, Any]:
    """recommend_next(model.train(), history={history}, n={n})"""
    return _recommend_next(module, table, max_length, history, {"n": n}, training=True)


def _recommend_next(
    module: ModuleType,
    table: np.ndarray,
    max_length: int,
    history: list[int],
    options: dict[str, int],
    training: bool = False,
) -> dict[str, Any]:
    model = Told(table, max_length).train(training)
    given = list(history)
    movies = module.recommend_next(model, given, **options)
    return {
        "movies": movies,
        "types": [type(movie).__name__ for movie in movies] if isinstance(movies, list) else [],
        "training": model.training,
        "history": given,
        "table": model.movie_embedding.weight[:-1],
    }


def refused_history(module: ModuleType, table: np.ndarray, max_length: int) -> dict[str, Any]:
    """recommend_next(model, history=[])"""
    return attempt(_movies_after, module, table, max_length)


def _movies_after(module: ModuleType, table: np.ndarray, max_length: int) -> Iterator[int]:
    return module.recommend_next(Told(table, max_length), [])
