"""What the checks of part 3 look at, beside the student's code."""

from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def tables(module: ModuleType, n_users: int, n_movies: int, n_factors: int) -> dict[str, Any]:
    """MatrixFactorization(n_users={n_users}, n_movies={n_movies}, n_factors={n_factors})"""
    return describe(module.MatrixFactorization(n_users, n_movies, n_factors))


def default_tables(module: ModuleType, n_users: int, n_movies: int) -> dict[str, Any]:
    """MatrixFactorization(n_users={n_users}, n_movies={n_movies})"""
    return describe(module.MatrixFactorization(n_users, n_movies))


def biased_tables(
    module: ModuleType, n_users: int, n_movies: int, n_factors: int
) -> dict[str, Any]:
    """BiasedMatrixFactorization(n_users={n_users}, n_movies={n_movies}, n_factors={n_factors})"""
    return describe(module.BiasedMatrixFactorization(n_users, n_movies, n_factors))


def global_mean(module: ModuleType, n_users: int, n_movies: int, mean: float) -> dict[str, Any]:
    """BiasedMatrixFactorization({n_users}, {n_movies}, global_mean={mean}).global_mean"""
    model = module.BiasedMatrixFactorization(n_users, n_movies, global_mean=mean)
    found = getattr(model, "global_mean", None)
    unset = module.BiasedMatrixFactorization(n_users, n_movies)
    return {
        "value": found,
        "default": getattr(unset, "global_mean", None),
        "is_trained": any(parameter is found for parameter in model.parameters()),
        "is_buffer": any(buffer is found for buffer in model.buffers()),
        "is_saved": "global_mean" in model.state_dict(),
    }


def forward(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model(user_idx={user_idx}, movie_idx={movie_idx})"""
    model = with_factors(module, user_factors, movie_factors)
    return model(torch.tensor(user_idx), torch.tensor(movie_idx))


def forward_of_one_pair(module: ModuleType, user: list[float], movie: list[float]) -> Any:
    """model(…) for one pair, a user with the factors {user} and a movie with {movie}"""
    user_factors, movie_factors = np.zeros((2, len(user))), np.zeros((4, len(movie)))
    user_factors[1], movie_factors[2] = user, movie
    model = with_factors(module, user_factors.astype("float32"), movie_factors.astype("float32"))
    return model(torch.tensor([1]), torch.tensor([2]))


def gradients(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model(user_idx={user_idx}, movie_idx={movie_idx}).sum().backward()"""
    model = with_factors(module, user_factors, movie_factors)
    return learned_from(model, user_idx, movie_idx)


def forward_twice(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model(user_idx={user_idx}, movie_idx={movie_idx}), twice"""
    model = with_factors(module, user_factors, movie_factors)
    users, movies = torch.tensor(user_idx), torch.tensor(movie_idx)
    return {
        "first": model(users, movies),
        "second": model(users, movies),
        "user_factors": weight_of(model.user_embedding),
        "movie_factors": weight_of(model.movie_embedding),
        "user_idx": users,
        "movie_idx": movies,
    }


def biased_forward(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_bias: np.ndarray,
    movie_bias: np.ndarray,
    mean: float,
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model(user_idx={user_idx}, movie_idx={movie_idx}), with global_mean={mean} and biases"""
    model = with_biases(module, user_factors, movie_factors, user_bias, movie_bias, mean)
    return model(torch.tensor(user_idx), torch.tensor(movie_idx))


def biased_gradients(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_bias: np.ndarray,
    movie_bias: np.ndarray,
    mean: float,
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model(user_idx={user_idx}, movie_idx={movie_idx}).sum().backward(), with biases"""
    model = with_biases(module, user_factors, movie_factors, user_bias, movie_bias, mean)
    return learned_from(model, user_idx, movie_idx)


# Helpers of the probes

TABLES = ("user_embedding", "movie_embedding", "user_bias", "movie_bias")


def describe(model: Any) -> dict[str, Any]:
    """What is known of each of the model's tables; None where there is no such attribute."""
    found = {name: getattr(model, name, None) for name in TABLES}
    is_module = isinstance(model, nn.Module)
    parameters = list(model.parameters()) if is_module else []
    return {
        "is_module": is_module,
        **{name: describe_table(table, parameters) for name, table in found.items()},
    }


def describe_table(table: Any, parameters: list[Tensor]) -> Any:
    if not isinstance(table, nn.Embedding):
        return table
    return {
        "weight": table.weight,
        "is_parameter": any(parameter is table.weight for parameter in parameters),
        "takes_gradient": table.weight.requires_grad,
        "padding_idx": table.padding_idx,
        "max_norm": table.max_norm,
    }


def with_factors(module: ModuleType, user_factors: np.ndarray, movie_factors: np.ndarray) -> Any:
    """A MatrixFactorization whose factors the check knows."""
    model = module.MatrixFactorization(len(user_factors), len(movie_factors), user_factors.shape[1])
    fill(model.user_embedding, user_factors)
    fill(model.movie_embedding, movie_factors)
    return model


def with_biases(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_bias: np.ndarray,
    movie_bias: np.ndarray,
    mean: float,
) -> Any:
    """A BiasedMatrixFactorization whose factors and biases the check knows."""
    model = module.BiasedMatrixFactorization(
        len(user_factors), len(movie_factors), user_factors.shape[1], global_mean=mean
    )
    fill(model.user_embedding, user_factors)
    fill(model.movie_embedding, movie_factors)
    fill(model.user_bias, user_bias)
    fill(model.movie_bias, movie_bias)
    return model


def fill(table: Any, values: np.ndarray) -> None:
    """Give a table the values that the check knows, whatever was wrong with its own.

    A frozen table, a row for padding or a wrong size is a mistake of the constructor: it shall
    not show again wherever the table is used.
    """
    weight = weight_of(table)
    weight.data = torch.from_numpy(values).to(weight.dtype)
    weight.requires_grad_()
    table.padding_idx = table.max_norm = None


def weight_of(table: Any) -> Tensor:
    return getattr(table, "weight", table)  # a bare parameter has no weight: it is one


def learned_from(model: Any, user_idx: list[int], movie_idx: list[int]) -> dict[str, Any]:
    """The gradient of the sum of the predictions for each table; None where there is none."""
    prediction = model(torch.tensor(user_idx), torch.tensor(movie_idx))
    has_gradient = getattr(prediction, "requires_grad", False)
    if has_gradient:
        prediction.sum().backward()
    weights = {name: weight_of(getattr(model, name)) for name in TABLES if hasattr(model, name)}
    return {
        "has_gradient": has_gradient,
        **{
            name: None if weight.grad is None else weight.grad.to_dense()
            for name, weight in weights.items()
        },
    }
