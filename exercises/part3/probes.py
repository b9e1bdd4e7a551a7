"""Probes of part 3: they run next to the student's code and return observations."""

import contextlib
import copy
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def tables(module: ModuleType, n_users: int, n_movies: int, n_factors: int) -> dict[str, Any]:
    """MatrixFactorization(n_users={n_users}, n_movies={n_movies}, n_factors={n_factors})"""
    return describe(module.MatrixFactorization(n_users, n_movies, n_factors))


def learning_tables(
    module: ModuleType, n_users: int, n_movies: int, n_factors: int, pulls: dict[str, np.ndarray]
) -> dict[str, Any]:
    """MatrixFactorization(n_users={n_users}, n_movies={n_movies}, n_factors={n_factors}), and a training step"""  # noqa: E501
    return after_a_step(module.MatrixFactorization(n_users, n_movies, n_factors), pulls)


def default_tables(module: ModuleType, n_users: int, n_movies: int) -> dict[str, Any]:
    """MatrixFactorization(n_users={n_users}, n_movies={n_movies})"""
    return describe(module.MatrixFactorization(n_users, n_movies))


def biased_tables(
    module: ModuleType, n_users: int, n_movies: int, n_factors: int, pulls: dict[str, np.ndarray]
) -> dict[str, Any]:
    """BiasedMatrixFactorization(n_users={n_users}, n_movies={n_movies}, n_factors={n_factors})"""
    return after_a_step(module.BiasedMatrixFactorization(n_users, n_movies, n_factors), pulls)


def global_mean(module: ModuleType, n_users: int, n_movies: int, mean: float) -> dict[str, Any]:
    """BiasedMatrixFactorization({n_users}, {n_movies}, global_mean={mean}).global_mean"""
    model = module.BiasedMatrixFactorization(n_users, n_movies, global_mean=mean)
    found = getattr(model, "global_mean", None)
    unset = module.BiasedMatrixFactorization(n_users, n_movies)
    default = copy.deepcopy(getattr(unset, "global_mean", None))
    saved = {name: 2 * value for name, value in model.state_dict().items()}
    with contextlib.suppress(RuntimeError, AttributeError):  # a sign of no buffer: told as that
        unset.load_state_dict(saved)
    return {
        "value": found,
        "default": default,
        "loaded": getattr(unset, "global_mean", None),
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


def forward_in_eval_mode(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model.eval()(user_idx={user_idx}, movie_idx={movie_idx})"""
    model = with_factors(module, user_factors, movie_factors)
    model.eval()
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
    """model(user_idx={user_idx}, movie_idx={movie_idx}), twice, then without the first pair"""
    model = with_factors(module, user_factors, movie_factors)
    users, movies = torch.tensor(user_idx), torch.tensor(movie_idx)
    return {
        "first": model(users, movies),
        "second": model(users, movies),
        "of_fewer_pairs": model(users[1:], movies[1:]),
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


def biased_forward_when_loaded(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_bias: np.ndarray,
    movie_bias: np.ndarray,
    mean: float,
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model.eval()(user_idx={user_idx}, movie_idx={movie_idx}), global_mean={mean} from load_state_dict()"""  # noqa: E501
    model = with_biases(module, user_factors, movie_factors, user_bias, movie_bias, mean)
    if "global_mean" in (saved := model.state_dict()):
        model = with_biases(module, user_factors, movie_factors, user_bias, movie_bias, mean + 1)
        model.load_state_dict({"global_mean": saved["global_mean"]}, strict=False)
    model.eval()
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


def after_a_step(model: Any, pulls: dict[str, np.ndarray]) -> dict[str, Any]:
    """The tables as they are at first; with "moved", how far one step of SGD moves them.

    The loss is the sum of all tables times their `pulls`, the learning rate is 0.5.
    """
    found = describe(model)
    if not found["is_module"]:
        return found
    tables = {
        name: table
        for name in pulls
        if isinstance(table := getattr(model, name, None), nn.Embedding)
    }
    before = {name: table.weight.detach().clone() for name, table in tables.items()}
    loss = torch.zeros((), requires_grad=True).sum()
    for name, table in tables.items():
        rows = table(torch.arange(table.num_embeddings))
        loss = loss + (rows * torch.from_numpy(np.resize(pulls[name], rows.shape))).sum()
        found[name]["weight"] = before[name]
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.5).step()
    for name, table in tables.items():
        found[name]["moved"] = table.weight.detach() - before[name]
    return found


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
