"""Probes of part 6: they run next to the student's code and return observations."""

import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from grading.checks.evidence import attempt

# 6.1


def similar(
    module: ModuleType, movie_factors: np.ndarray, movie_idx: int, k: int
) -> dict[str, Any]:
    """similar_movies(movie_factors, movie_idx={movie_idx}, k={k})"""
    return _similar(module, movie_factors, movie_idx, k=k)


def similar_by_default(
    module: ModuleType, movie_factors: np.ndarray, movie_idx: int
) -> dict[str, Any]:
    """similar_movies(movie_factors, movie_idx={movie_idx})"""
    return _similar(module, movie_factors, movie_idx)


def _similar(
    module: ModuleType, movie_factors: np.ndarray, movie_idx: int, **options: int
) -> dict[str, Any]:
    factors = nn.Parameter(torch.tensor(movie_factors))  # a table that is being trained
    movies = module.similar_movies(factors, movie_idx, **options)
    return {
        "movies": movies,
        "types": [type(movie).__name__ for movie in movies] if isinstance(movies, list) else [],
        "movie_factors": factors,
        "trainable": factors.requires_grad,
    }


# 6.2


def genre_auc(
    module: ModuleType, movie_factors: np.ndarray, has_genre: np.ndarray, seed: int
) -> dict[str, Any]:
    """genre_auc(movie_factors, has_genre, seed={seed})"""
    return _genre_auc(module, movie_factors, has_genre, seed=seed)


def genre_auc_by_default(
    module: ModuleType, movie_factors: np.ndarray, has_genre: np.ndarray
) -> dict[str, Any]:
    """genre_auc(movie_factors, has_genre)"""
    return _genre_auc(module, movie_factors, has_genre)


def _genre_auc(
    module: ModuleType, movie_factors: np.ndarray, has_genre: np.ndarray, **options: int
) -> dict[str, Any]:
    factors, flags = torch.tensor(movie_factors), np.array(has_genre, subok=False)
    auc = module.genre_auc(factors, flags, **options)
    return {"auc": auc, "movie_factors": factors, "has_genre": flags}


# 6.3


def negatives(
    module: ModuleType, user_idx: list[int], seen: np.ndarray, seed: int
) -> dict[str, Any]:
    """sample_negatives(user_idx={user_idx}, seen, generator)"""
    users, flags = torch.tensor(user_idx), torch.tensor(seen)
    generator = torch.Generator().manual_seed(seed)
    movies = module.sample_negatives(users, flags, generator)
    return {"movies": movies, "user_idx": users, "seen": flags}


def repeated_negatives(
    module: ModuleType, user_idx: list[int], seen: np.ndarray, seed: int
) -> dict[str, Any]:
    """sample_negatives(user_idx={user_idx}, seen, generator), several times

    Twice in a row from one generator, then from a generator with the first one's seed while all
    other sources of randomness have moved on.
    """
    users, flags = torch.tensor(user_idx), torch.tensor(seen)
    generator = torch.Generator().manual_seed(seed)
    first = module.sample_negatives(users, flags.clone(), generator)
    second = module.sample_negatives(users, flags.clone(), generator)
    torch.rand(7), random.random(), np.random.rand(7)
    again = module.sample_negatives(users, flags, torch.Generator().manual_seed(seed))
    return {"first": first, "second": second, "again": again}


def refused_negatives(
    module: ModuleType, user_idx: list[int], seen: np.ndarray, seed: int
) -> dict[str, Any]:
    """sample_negatives(user_idx={user_idx}, seen, generator)"""
    return attempt(_movies, module, user_idx, seen, seed)


def _movies(module: ModuleType, user_idx: list[int], seen: np.ndarray, seed: int) -> Any:
    return negatives(module, user_idx, seen, seed)["movies"]


def bpr_loss(module: ModuleType, positive: np.ndarray, negative: np.ndarray) -> dict[str, Any]:
    """bpr_loss(positive={positive}, negative={negative})"""
    scores = [torch.tensor(values, requires_grad=True) for values in (positive, negative)]
    loss = module.bpr_loss(*scores)
    if isinstance(loss, Tensor) and loss.requires_grad:
        loss.sum().backward()
    return {"loss": loss, "gradients": [values.grad for values in scores]}


# 6.4


def hybrid_tables(
    module: ModuleType, n_users: int, genres: np.ndarray, n_factors: int
) -> dict[str, Any]:
    """HybridMatrixFactorization(n_users={n_users}, genres, n_factors={n_factors})"""
    return _trained(module.HybridMatrixFactorization(n_users, torch.tensor(genres), n_factors))


def hybrid_tables_by_default(
    module: ModuleType, n_users: int, genres: np.ndarray
) -> dict[str, Any]:
    """HybridMatrixFactorization(n_users={n_users}, genres)"""
    return _trained(module.HybridMatrixFactorization(n_users, torch.tensor(genres)))


def _trained(model: nn.Module) -> dict[str, Any]:
    """The weights that training changes, by name, and the names of what is kept besides."""
    weights = dict(model.named_parameters())
    trained = {name: weight for name, weight in weights.items() if weight.requires_grad}
    kept = [name for name, _ in model.named_buffers()] + [*(weights.keys() - trained.keys())]
    return {"weights": trained, "kept": kept}


def hybrid_movie_factors(
    module: ModuleType, genres: np.ndarray, weights: dict[str, np.ndarray], movie_idx: list[int]
) -> Any:
    """model.movie_factors({movie_idx})"""
    return _hybrid(module, genres, weights).movie_factors(torch.tensor(movie_idx))


def hybrid_predictions(
    module: ModuleType,
    genres: np.ndarray,
    weights: dict[str, np.ndarray],
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model({user_idx}, {movie_idx})"""
    model = _hybrid(module, genres, weights)
    return model(torch.tensor(user_idx), torch.tensor(movie_idx))


def hybrid_gradients(
    module: ModuleType,
    genres: np.ndarray,
    weights: dict[str, np.ndarray],
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    """model({user_idx}, {movie_idx}).sum().backward()"""
    model = _hybrid(module, genres, weights)
    model(torch.tensor(user_idx), torch.tensor(movie_idx)).sum().backward()
    gradients = {name: getattr(model, name).weight.grad for name in weights}
    return {
        name: gradient.to_dense() if gradient is not None and gradient.is_sparse else gradient
        for name, gradient in gradients.items()
    }


def _hybrid(module: ModuleType, genres: np.ndarray, weights: dict[str, np.ndarray]) -> nn.Module:
    """A model whose three tables hold the weights that the check knows."""
    n_users, n_factors = weights["user_embedding"].shape
    model = module.HybridMatrixFactorization(n_users, torch.tensor(genres), n_factors)
    with torch.no_grad():
        for name, values in weights.items():
            getattr(model, name).weight.copy_(torch.tensor(values))
    return model


# 6.5


def bpr_epoch(
    module: ModuleType,
    weights: dict[str, np.ndarray],
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    seen: np.ndarray,
    seed: int,
    batch_size: int,
    l2: float,
    lr: float,
    training: bool = True,
) -> dict[str, Any]:
    """train_bpr_epoch(model, …, seen, optimizer, generator, batch_size={batch_size}, l2={l2})"""
    model = Scored(weights).train(training)
    optimizer = NotedDescent(model, lr)
    inputs = [torch.tensor(values) for values in (user_idx, movie_idx, seen)]
    generator = torch.Generator().manual_seed(seed)
    returned = module.train_bpr_epoch(
        model, *inputs, optimizer, generator, batch_size=batch_size, l2=l2
    )
    return {
        "returned": returned,
        "weights": {name: getattr(model, name).weight for name in weights},
        "passed": optimizer.passed(),
        "inputs": dict(zip(("user_idx", "movie_idx", "seen"), inputs, strict=True)),
    }


def bpr_epochs(
    module: ModuleType,
    weights: dict[str, np.ndarray],
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    seen: np.ndarray,
    seed: int,
    batch_size: int,
    n_epochs: int,
) -> dict[str, Any]:
    """train_bpr_epoch(model, …, generator, batch_size={batch_size}), {n_epochs} times in a row

    Then once more from a generator with the same seed, while all other sources of randomness have
    moved on.
    """
    inputs = [torch.tensor(values) for values in (user_idx, movie_idx, seen)]

    def trained() -> list[dict[str, Any]]:
        generator = torch.Generator().manual_seed(seed)
        passed = []
        for _ in range(n_epochs):
            model = Scored(weights)
            optimizer = NotedDescent(model, lr=0.0)
            module.train_bpr_epoch(model, *inputs, optimizer, generator, batch_size=batch_size)
            torch.rand(7), random.random(), np.random.rand(7)
            passed.append(optimizer.passed())
        return passed

    return {"epochs": trained(), "again": trained()}


class Scored(nn.Module):
    """A dot product, with biases if there are weights for them, that notes what it scored."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        super().__init__()
        for name, values in weights.items():
            setattr(self, name, nn.Embedding.from_pretrained(torch.tensor(values), freeze=False))
        self.has_biases = "movie_bias" in weights
        self.scored: list[dict[str, Any]] = []

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        score = (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(dim=-1)
        if self.has_biases:
            score = score + self.user_bias(user_idx).squeeze(-1)
            score = score + self.movie_bias(movie_idx).squeeze(-1)
        if score.requires_grad:
            pairs = torch.broadcast_tensors(user_idx, movie_idx)
            users, movies = (index.flatten().tolist() for index in pairs)
            self.scored.append({"users": users, "movies": movies, "training": self.training})
        return score


class NotedDescent:
    """Plain gradient descent that notes what the model scored with gradients before each step.

    torch's own optimizers import torch._dynamo, which takes a second.
    """

    def __init__(self, model: Scored, lr: float) -> None:
        self.param_groups = [{"params": list(model.parameters()), "lr": lr}]
        self.model = model
        self.steps: list[list[dict[str, Any]]] = []

    def zero_grad(self, set_to_none: bool = True) -> None:
        for weight in self.model.parameters():
            weight.grad = None if set_to_none or weight.grad is None else weight.grad.zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self.steps.append(self.model.scored)
        self.model.scored = []
        with torch.no_grad():
            for weight in self.model.parameters():
                if weight.grad is not None:
                    weight -= self.param_groups[0]["lr"] * weight.grad
        return loss

    def passed(self) -> dict[str, Any]:
        """What was scored before each step, and what was scored after the last."""
        return {"steps": self.steps, "rest": self.model.scored}
