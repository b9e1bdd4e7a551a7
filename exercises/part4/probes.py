"""Probes of part 4: they run next to the student's code and return observations.

The models here stand in for part 3: they have factors that the check knows and note how they are
called. Losses and optimizers are handed in.
"""

import inspect
import random
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import torch
import torch._dynamo  # every optimizer imports it, which takes a second: no check waits for it
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

Ratings = dict[str, np.ndarray]  # user_idx, movie_idx, rating and the frame's index labels
Factors = dict[str, np.ndarray]  # users, movies


class LopsidedLoss(nn.Module):
    """The mean absolute error, in which a prediction that is too low costs twice."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return (torch.where(input < target, 2.0, 1.0) * (input - target).abs()).mean()


LOSSES: dict[str, Callable[[], nn.Module]] = {
    "MSELoss": nn.MSELoss,
    "LopsidedLoss": LopsidedLoss,
}


# 4.1 make_loader


def batches(
    module: ModuleType, ratings: Ratings, batch_size: int, shuffle: bool, seed: int, n_epochs: int
) -> dict[str, Any]:
    """make_loader(ratings, batch_size={batch_size}, shuffle={shuffle}, seed={seed})"""
    encoded = frame(ratings)
    before = encoded.copy()
    loader = module.make_loader(encoded, batch_size=batch_size, shuffle=shuffle, seed=seed)
    return served(loader, n_epochs) | {"ratings_unchanged": encoded.equals(before)}


def batches_by_default(module: ModuleType, ratings: Ratings) -> dict[str, Any]:
    """make_loader(ratings)"""
    return served(module.make_loader(frame(ratings)), n_epochs=1)


def batches_again(
    module: ModuleType, ratings: Ratings, batch_size: int, seed: int, other_seed: int, n_epochs: int
) -> dict[str, Any]:
    """make_loader(ratings, batch_size={batch_size}, seed={seed}), twice, then seed={other_seed}"""

    def make(seed: int) -> Any:
        return module.make_loader(frame(ratings), batch_size=batch_size, seed=seed)

    first = served(make(seed), n_epochs)
    again = make(seed)
    draw_random_numbers()
    return {
        "first": first,
        "again": served(again, n_epochs),
        "other": served(make(other_seed), n_epochs),
    }


# 4.2 train_epoch


def train_epoch(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    batch_size: int,
    lr: float,
    loss: str,
    training: bool,
) -> dict[str, Any]:
    """train_epoch(model, loader, optimizer, loss_fn), with batches of {batch_size}"""
    model = DotProduct(factors).train(training)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    returned = module.train_epoch(model, loader_of(ratings, batch_size), optimizer, LOSSES[loss]())
    return {
        "returned": returned,
        "factors": model.factors(),
        "calls": model.calls,
        "n_backward": model.n_backward,
        "has_gradients": has_gradients(model),
    }


# 4.3 evaluate


def evaluate(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    batch_size: int,
    loss: str,
    training: bool,
) -> dict[str, Any]:
    """evaluate(model, loader, loss_fn), with batches of {batch_size}"""
    model = DotProduct(factors).train(training)
    model.movie_embedding.requires_grad_(False)  # one table is frozen, and the other has learned
    gradient = torch.full_like(model.user_embedding.weight, 0.25)
    model.user_embedding.weight.grad = gradient.clone()
    try:
        returned = module.evaluate(model, loader_of(ratings, batch_size), LOSSES[loss]())
        grad_enabled = torch.is_grad_enabled()
    finally:
        torch.set_grad_enabled(True)
    return {
        "returned": returned,
        "factors": model.factors(),
        "calls": model.calls,
        "training": model.training,
        "grad_enabled": grad_enabled,
        "n_backward": model.n_backward,
        "gradients": [weight.grad for weight in model.parameters()],
        "gradients_before": gradient,
        "trainable": [weight.requires_grad for weight in model.parameters()],
    }


# 4.4 fit


def fit(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    valid_losses: list[float],
    epochs: int,
    patience: int,
    lr: float,
) -> dict[str, Any]:
    """fit(model, train_loader, valid_loader, epochs={epochs}, patience={patience})"""
    return fitted(module, ratings, factors, valid_losses, epochs=epochs, patience=patience, lr=lr)


def fit_with_adam(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    valid_losses: list[float],
    epochs: int,
    lr: float,
    weight_decay: float,
) -> dict[str, Any]:
    """fit(model, train, valid, epochs={epochs}, lr={lr}, weight_decay={weight_decay})"""
    return fitted(
        module, ratings, factors, valid_losses, epochs=epochs, lr=lr, weight_decay=weight_decay
    )


def fit_by_default(
    module: ModuleType, ratings: Ratings, factors: Factors, valid_losses: list[float]
) -> dict[str, Any]:
    """fit(model, train_loader, valid_loader)"""
    return fitted(module, ratings, factors, valid_losses)


# 4.5 l2_penalty


def l2_penalty(
    module: ModuleType,
    factors: Factors,
    biases: Factors | None,
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    strength: float,
) -> dict[str, Any]:
    """l2_penalty(model, user_idx, movie_idx, strength={strength})"""
    return penalised(module, factors, biases, user_idx, movie_idx, strength=strength)


def l2_penalty_by_default(
    module: ModuleType, factors: Factors, user_idx: np.ndarray, movie_idx: np.ndarray
) -> dict[str, Any]:
    """l2_penalty(model, user_idx, movie_idx)"""
    return penalised(module, factors, None, user_idx, movie_idx)


def train_epoch_with_penalty(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    pull: Factors,
    batch_size: int,
    lr: float,
) -> dict[str, Any]:
    """train_epoch(model, loader, optimizer, loss_fn, penalty=penalty)"""
    if not takes_penalty(module.train_epoch):
        return {"takes_penalty": False}
    found = {}
    for name, penalty in (("without", None), ("with", Pull(pull))):
        model = DotProduct(factors)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        loader = loader_of(ratings, batch_size)
        returned = module.train_epoch(model, loader, optimizer, nn.MSELoss(), penalty=penalty)
        found[name] = {"returned": returned, "factors": model.factors()}
    return found | {"takes_penalty": True, "calls": penalty.calls if penalty else []}


def fit_with_penalty(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    valid_losses: list[float],
    pull: Factors | None,
    epochs: int,
    lr: float,
) -> dict[str, Any]:
    """fit(model, train_loader, valid_loader, epochs={epochs}, lr={lr}, penalty=penalty)"""
    if not takes_penalty(module.fit):
        return {"takes_penalty": False}
    penalty = Pull(pull) if pull else None
    settings = {"epochs": epochs, "lr": lr, "penalty": penalty}
    found = fitted(module, ratings, factors, valid_losses, **settings)
    return found | {"takes_penalty": True, "calls": penalty.calls if penalty else []}


# Helpers of the probes


class Pull:
    """A penalty that is linear in the rows of a batch, so that its gradient is `pull`'s rows.

    It is the mean over the pairs of `pull["users"][user] · user's row`, and the same for movies.
    """

    def __init__(self, pull: Factors) -> None:
        self.pull = {name: torch.from_numpy(values) for name, values in pull.items()}
        self.calls: list[dict[str, Any]] = []

    def __call__(self, model: nn.Module, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        users, movies = self.pull["users"], self.pull["movies"]
        # Modulo, so that indices in each other's place give a number that the check can judge.
        u, m = user_idx % len(users), movie_idx % len(movies)
        pulled = users[u] * model.user_embedding.weight[u]  # type: ignore[union-attr, index]
        pulled = pulled + movies[m] * model.movie_embedding.weight[m]  # type: ignore[union-attr, index]
        penalty = pulled.sum(dim=-1).mean()
        call = {"user_idx": user_idx, "movie_idx": movie_idx, "penalty": penalty.item()}
        self.calls.append(call)
        return penalty


def takes_penalty(function: Callable[..., Any]) -> bool:
    """Whether `penalty` can be passed by name."""
    parameters = inspect.signature(function).parameters
    return "penalty" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def penalised(
    module: ModuleType,
    factors: Factors,
    biases: Factors | None,
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    **settings: Any,
) -> dict[str, Any]:
    """What l2_penalty returns, and the gradient of each table that comes out of it."""
    model = Biased(factors, biases) if biases else DotProduct(factors)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    pairs = torch.from_numpy(user_idx), torch.from_numpy(movie_idx)
    returned = module.l2_penalty(model, *pairs, **settings)
    left = has_gradients(model)
    has_graph = isinstance(returned, Tensor) and returned.requires_grad
    if has_graph and returned.numel() == 1:
        returned.backward()
    tables = {name.removesuffix(".weight"): one for name, one in model.named_parameters()}
    return {
        "returned": returned,
        "has_graph": has_graph,
        "left_gradients": left,
        "changed": any(not torch.equal(w, before[name]) for name, w in model.named_parameters()),
        "gradients": {
            name: torch.zeros_like(one) if one.grad is None else one.grad
            for name, one in tables.items()
        },
    }


def frame(ratings: Ratings) -> pd.DataFrame:
    return pd.DataFrame(
        {name: ratings[name] for name in ("user_idx", "movie_idx", "rating")},
        index=ratings["index"],
    )


def served(loader: Iterable[Any], n_epochs: int) -> dict[str, Any]:
    """What the loader serves in each epoch, with other random numbers drawn in between."""
    epochs = []
    for _ in range(n_epochs):
        epochs.append(list(loader))
        draw_random_numbers()
    return {"loader": loader, "is_loader": isinstance(loader, DataLoader), "epochs": epochs}


def draw_random_numbers() -> None:
    """Advance the shared random states."""
    random.random()
    np.random.random()
    torch.rand(1)


def has_gradients(model: nn.Module) -> bool:
    """Whether the model's weights hold gradients other than 0."""
    gradients = (weight.grad for weight in model.parameters())
    return any(gradient is not None and bool(gradient.any()) for gradient in gradients)


def loader_of(ratings: Ratings, batch_size: int) -> DataLoader:
    """Batches in the given order; the last one may be short."""
    names = ("user_idx", "movie_idx", "rating")
    columns = (torch.from_numpy(ratings[name]) for name in names)
    return DataLoader(TensorDataset(*columns), batch_size=batch_size)


class DotProduct(nn.Module):
    """Factors that the check knows, and a note of each call."""

    def __init__(self, factors: Factors) -> None:
        super().__init__()
        self.user_embedding = nn.Embedding.from_pretrained(
            torch.tensor(factors["users"]), freeze=False
        )
        self.movie_embedding = nn.Embedding.from_pretrained(
            torch.tensor(factors["movies"]), freeze=False
        )
        self.calls: list[dict[str, Any]] = []
        self.n_backward = 0

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        prediction = (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(dim=-1)
        self.calls.append(
            {
                "training": self.training,
                "gradient": prediction.requires_grad,
                "prediction": prediction.detach().flatten(),
            }
        )
        if prediction.requires_grad:
            prediction.register_hook(self.note_backward)
        return prediction

    def note_backward(self, _: Tensor) -> None:
        self.n_backward += 1

    def factors(self) -> dict[str, Tensor]:
        return {"users": self.user_embedding.weight, "movies": self.movie_embedding.weight}


class Biased(DotProduct):
    """With biases and a mean that is not learned."""

    def __init__(self, factors: Factors, biases: Factors) -> None:
        super().__init__(factors)
        for name in ("user", "movie"):
            table = torch.from_numpy(biases[f"{name}s"])  # [n, 1]
            self.add_module(f"{name}_bias", nn.Embedding.from_pretrained(table, freeze=False))
        self.register_buffer("global_mean", torch.tensor(3.5))

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        biases = self.user_bias(user_idx) + self.movie_bias(movie_idx)
        return super().forward(user_idx, movie_idx) + biases[:, 0] + self.global_mean


class Scripted(DotProduct):
    """Learns from its training pairs, but its validation loss follows a script.

    Pairs of user 0 are for validation: whatever the weights, the error is that of the current
    epoch. `epoch` is a weight too, so that bringing back the weights of an epoch brings back its
    number.
    """

    def __init__(self, factors: Factors, valid_losses: list[float]) -> None:
        super().__init__(factors)
        self.epoch = nn.Parameter(torch.tensor(0.0))  # in no prediction, so without a gradient
        self.valid_losses = [10 * max(valid_losses), *valid_losses]  # the first: before training
        self.n_epochs = 0

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        prediction = super().forward(user_idx, movie_idx)
        if (user_idx == 0).all():
            loss = self.valid_losses[min(self.n_epochs, len(self.valid_losses) - 1)]
            return 0 * prediction + loss**0.5  # the ratings are 0
        if prediction.requires_grad:
            self.begin_epoch()
        return prediction

    def begin_epoch(self) -> None:
        """There is one batch of training pairs, so that a call with gradients is an epoch."""
        self.n_epochs += 1
        with torch.no_grad():
            self.epoch.fill_(self.n_epochs)
        for weight in self.parameters():
            weight.grad = None  # another task checks whether old gradients are cleared


def fitted(
    module: ModuleType,
    ratings: Ratings,
    factors: Factors,
    valid_losses: list[float],
    **settings: Any,
) -> dict[str, Any]:
    model = Scripted(factors, valid_losses)
    train_loader = loader_of(ratings, batch_size=len(ratings["rating"]))
    validation = {
        "user_idx": np.zeros(3, "int64"),
        "movie_idx": np.arange(3),
        "rating": np.zeros(3, "float32"),
    }
    history = module.fit(model, train_loader, loader_of(validation, batch_size=2), **settings)
    return {
        "history": history,
        "factors": model.factors(),
        "before_training": model.valid_losses[0],
        "met": [call["prediction"] for call in model.calls if call["gradient"]][:1],
        "epoch_of_weights": model.epoch.item(),
        "n_epochs": model.n_epochs,
    }
