"""Probes of part 4: they run next to the student's code and return observations.

The models here stand in for part 3: they have factors that the check knows and note how they are
called. Losses and optimizers are handed in.
"""

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


# Helpers of the probes


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
            torch.from_numpy(factors["users"]), freeze=False
        )
        self.movie_embedding = nn.Embedding.from_pretrained(
            torch.from_numpy(factors["movies"]), freeze=False
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
