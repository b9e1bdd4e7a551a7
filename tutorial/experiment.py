"""From data to a trained recommender: shared by `demo` and `recommend`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from data import MovieLens
from tutorial.code import Code

History = list[dict[str, float]]  # a dict per epoch, as `fit` returns it
OnBatch = Callable[[int, int], None]  # callback that receives (batches done, batches in total)


@dataclass(frozen=True)
class Dataset:
    """One data set, read and split by the code under test. Frames `*_encoded` hold indices."""

    ratings: pd.DataFrame
    movies: pd.DataFrame
    user_index: dict[int, int]
    movie_index: dict[int, int]
    train_encoded: pd.DataFrame
    valid_encoded: pd.DataFrame

    @property
    def n_users(self) -> int:
        return len(self.user_index)

    @property
    def n_movies(self) -> int:
        return len(self.movie_index)

    @property
    def global_mean(self) -> float:
        """Of the training ratings only, because validation ratings must stay unseen."""
        return float(self.train_encoded["rating"].mean())


@dataclass(frozen=True)
class Recipe:
    """A model and how to train it.

    Attributes:
        lr, then_lr: the learning rate, and unless it is 0, one to go on with from the best epoch.
        l2: strength of the penalty on the rows of each batch.
        start: standard deviation of the factors before training; the models draw them with 0.1.
        epochs: at most, shared by the learning rates.
    """

    name: str
    biased: bool
    n_factors: int
    lr: float
    then_lr: float = 0.0
    weight_decay: float = 0.0
    l2: float = 0.0
    start: float = 0.1
    batch_size: int = 1024
    epochs: int = 40

    @property
    def rates(self) -> list[float]:
        """The learning rates, one after the other."""
        return [lr for lr in (self.lr, self.then_lr) if lr]


@dataclass(frozen=True)
class Fitted:
    """A trained model with a history for each learning rate: losses in squared stars."""

    recipe: Recipe
    model: nn.Module
    histories: list[History]
    rmse: float  # on the validation ratings, predictions clipped to 1-5, in stars

    @property
    def history(self) -> History:
        """All epochs, numbered throughout."""
        entries = [entry for history in self.histories for entry in history]
        return [entry | {"epoch": number} for number, entry in enumerate(entries, start=1)]

    @property
    def best_epoch(self) -> int:
        return best_epoch(self.history)


DOT_PRODUCT = Recipe("dot product", biased=False, n_factors=8, lr=5e-3)
WITH_BIASES = Recipe("with biases", biased=True, n_factors=8, lr=5e-3)
REGULARISED = Recipe(
    "regularised",
    biased=True,
    n_factors=50,
    lr=5e-3,
    then_lr=1e-3,
    l2=0.1,
    start=0.02,
    batch_size=512,
)


def read(code: Code, movielens: MovieLens, seed: int = 0) -> Dataset:
    """Read the files, number users and movies and split the ratings at random, 80 to 20."""
    ratings = code.dataset.load_ratings(movielens.ratings_path)
    movies = code.dataset.load_movies(movielens.movies_path)
    user_index = code.dataset.build_index(ratings["user_id"])
    movie_index = code.dataset.build_index(movies["movie_id"])
    train, valid = code.dataset.split_ratings(ratings, seed=seed)
    encoded = [
        code.dataset.encode_ratings(part, user_index, movie_index) for part in (train, valid)
    ]
    return Dataset(ratings, movies, user_index, movie_index, *encoded)


def fit(code: Code, dataset: Dataset, recipe: Recipe, on_batch: OnBatch, seed: int = 0) -> Fitted:
    """Train one model on the training ratings, with early stopping on the others."""
    torch.manual_seed(seed)
    model = new_model(code, dataset.n_users, dataset.n_movies, dataset.global_mean, recipe)
    valid = dataset.valid_encoded
    train_loader = code.training.make_loader(dataset.train_encoded, recipe.batch_size, seed=seed)
    valid_loader = code.training.make_loader(valid, shuffle=False)
    watched = WatchedLoader(train_loader, recipe.epochs, on_batch)
    each = recipe.epochs // len(recipe.rates)
    histories = train(code, model, watched, valid_loader, recipe, [each] * len(recipe.rates))
    return Fitted(recipe, model, histories, rmse(predict(model, valid), valid))


def train(
    code: Code,
    model: nn.Module,
    train_loader: Iterable,
    valid_loader: DataLoader,
    recipe: Recipe,
    epochs: Sequence[int],
    patience: int = 3,
) -> list[History]:
    """Train with each learning rate of the recipe in turn; returns a history for each.

    Args:
        epochs: at most, with each of them.
    """
    settings: dict[str, Any] = {"weight_decay": recipe.weight_decay, "patience": patience}
    if recipe.l2:
        settings["penalty"] = penalty_of(code, recipe)
    return [
        code.training.fit(model, train_loader, valid_loader, epochs=most, lr=lr, **settings)
        for lr, most in zip(recipe.rates, epochs, strict=True)
    ]


def penalty_of(code: Code, recipe: Recipe) -> partial[Tensor] | None:
    """What `fit` and `train_epoch` take as the penalty, where the recipe has one."""
    return partial(code.training.l2_penalty, strength=recipe.l2) if recipe.l2 else None


def best_epoch(history: History) -> int:
    return int(min(history, key=lambda epoch: epoch["valid_loss"])["epoch"])


def new_model(
    code: Code, n_users: int, n_movies: int, global_mean: float, recipe: Recipe
) -> nn.Module:
    """An untrained model of the recipe's kind."""
    if recipe.biased:
        model = code.model.BiasedMatrixFactorization(
            n_users, n_movies, recipe.n_factors, global_mean=global_mean
        )
    else:
        model = code.model.MatrixFactorization(n_users, n_movies, recipe.n_factors)
    with torch.no_grad():
        for embedding in (model.user_embedding, model.movie_embedding):
            embedding.weight.mul_(recipe.start / 0.1)
    return model


def predict(model: nn.Module, encoded: pd.DataFrame) -> np.ndarray:
    """The model's predictions for an encoded frame: float `[rows]`."""
    with torch.no_grad():
        user_idx = torch.tensor(encoded["user_idx"].to_numpy())
        movie_idx = torch.tensor(encoded["movie_idx"].to_numpy())
        return model(user_idx, movie_idx).numpy()


def rmse(predictions: np.ndarray, encoded: pd.DataFrame) -> float:
    """Root mean squared error on the ratings of an encoded frame, predictions clipped to 1-5
    stars."""
    errors = np.clip(predictions, 1, 5) - encoded["rating"].to_numpy()
    return float(np.sqrt(np.mean(errors**2)))


def movie_factors(model: nn.Module) -> Tensor:
    """The movies' factors: float `[n_movies, n_factors]`, without gradients."""
    return model.movie_embedding.weight.detach()  # type: ignore[union-attr, operator]


class WatchedLoader:
    """A loader that reports each batch it yields; otherwise like the one it wraps."""

    def __init__(self, loader: DataLoader, epochs: int, on_batch: OnBatch) -> None:
        self._loader = loader
        self._total = epochs * len(loader)
        self._done = 0
        self._on_batch = on_batch

    def __iter__(self) -> Iterator:
        for batch in self._loader:
            yield batch
            self._done += 1
            self._on_batch(self._done, self._total)

    def __len__(self) -> int:
        return len(self._loader)

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)
