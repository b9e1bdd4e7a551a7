"""From data to a trained recommender: shared by `demo` and `recommend`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from data import MovieLens
from tutorial.code import Code

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
    """A model and how to train it."""

    name: str
    biased: bool
    n_factors: int
    lr: float
    weight_decay: float = 0.0
    epochs: int = 40


@dataclass(frozen=True)
class Fitted:
    """A trained model with its history: one dict per epoch, losses in squared stars."""

    recipe: Recipe
    model: nn.Module
    history: list[dict[str, float]]
    rmse: float  # on the validation ratings, predictions clipped to 1-5, in stars

    @property
    def best_epoch(self) -> int:
        return int(min(self.history, key=lambda epoch: epoch["valid_loss"])["epoch"])


DOT_PRODUCT = Recipe("dot product", biased=False, n_factors=8, lr=5e-3)
WITH_BIASES = Recipe("with biases", biased=True, n_factors=8, lr=5e-3)
REGULARISED = Recipe("regularised", biased=True, n_factors=8, lr=5e-3, weight_decay=3e-4)


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
    train_loader = code.training.make_loader(dataset.train_encoded, seed=seed)
    valid_loader = code.training.make_loader(dataset.valid_encoded, shuffle=False)
    history = code.training.fit(
        model,
        WatchedLoader(train_loader, recipe.epochs, on_batch),
        valid_loader,
        epochs=recipe.epochs,
        lr=recipe.lr,
        weight_decay=recipe.weight_decay,
    )
    valid = dataset.valid_encoded
    return Fitted(recipe, model, history, rmse(predict(model, valid), valid))


def new_model(
    code: Code, n_users: int, n_movies: int, global_mean: float, recipe: Recipe
) -> nn.Module:
    """An untrained model of the recipe's kind."""
    if recipe.biased:
        return code.model.BiasedMatrixFactorization(
            n_users, n_movies, recipe.n_factors, global_mean=global_mean
        )
    return code.model.MatrixFactorization(n_users, n_movies, recipe.n_factors)


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
