"""What the groups of all lessons share: the bench, training, and how a number is kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd
import torch
from torch import nn

from data import MovieLens
from tutorial import baselines, rankers
from tutorial.code import Code, DeepCode
from tutorial.demo import ENOUGH_RATINGS
from tutorial.experiment import (
    DOT_PRODUCT,
    WITH_BIASES,
    Dataset,
    Recipe,
    best_epoch,
    fit,
    new_model,
    penalty_of,
    predict,
    read,
    rmse,
)

SEEDS = range(5)
N_FACTORS = 32
# Without regularisation fewer factors do better: those recipes are as `course demo` has them.
REGULAR = replace(WITH_BIASES, n_factors=N_FACTORS, weight_decay=3e-4)
LARGE_DOT = replace(DOT_PRODUCT, n_factors=N_FACTORS, lr=1e-2)
STARS, SCORE, AUC = ".4f", ".3f", ".3f"
Value = float | str
Curves = dict[str, list]


@dataclass(frozen=True)
class Measured:
    """One number: a value for each seed, how it is shown and by how much it may differ."""

    values: tuple[Value, ...]
    format: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a group measured: numbers by name, and curves to draw; aggregates only."""

    numbers: dict[str, Measured] = field(default_factory=dict)
    curves: Curves = field(default_factory=dict)


class Bench:
    """The code and the data to measure with; what several groups need is made once."""

    def __init__(self, code: DeepCode, movielens: MovieLens) -> None:
        self.code = code
        self.movielens = movielens
        self.dataset: Callable[[int], Dataset] = lru_cache(lambda seed: read(code, movielens, seed))
        self.by_time: Callable[[], Dataset] = lru_cache(self._by_time)
        self.model: Callable[[Recipe, int], Trained] = lru_cache(
            lambda recipe, seed: trained(code, self.dataset(seed), recipe, seed)
        )
        self.bpr: Callable[[int], nn.Module] = lru_cache(
            lambda seed: rankers.bpr_model(code, self.dataset(seed), seed)
        )

    def _by_time(self) -> Dataset:
        dataset = self.dataset(0)
        train, valid = (
            self.code.dataset.encode_ratings(part, dataset.user_index, dataset.movie_index)
            for part in self.code.dataset.split_by_time(dataset.ratings)
        )
        return replace(dataset, train_encoded=train, valid_encoded=valid)


@dataclass(frozen=True)
class Trained:
    model: nn.Module
    epochs: int
    rmse: float  # on the held-out ratings


def trained(code: Code, dataset: Dataset, recipe: Recipe, seed: int) -> Trained:
    """A model whose number of epochs was chosen inside the training ratings."""
    inner, chosen_on = code.dataset.split_ratings(dataset.train_encoded, 0.1, seed)
    inner_dataset = replace(dataset, train_encoded=inner, valid_encoded=chosen_on)
    found = fit(code, inner_dataset, recipe, lambda done, total: None, seed)
    epochs = [best_epoch(history) for history in found.histories]
    *_, (model, _) = epoch_by_epoch(code, dataset, recipe, epochs, seed)
    valid = dataset.valid_encoded
    return Trained(model, sum(epochs), rmse(predict(model, valid), valid))


def epoch_by_epoch(
    code: Code, dataset: Dataset, recipe: Recipe, epochs: Sequence[int], seed: int
) -> Iterator[tuple[nn.Module, float]]:
    """The model after each epoch, without early stopping, and the epoch's training loss.

    Args:
        epochs: with each learning rate of the recipe.
    """
    torch.manual_seed(seed)
    model = new_model(code, dataset.n_users, dataset.n_movies, dataset.global_mean, recipe)
    loader = code.training.make_loader(dataset.train_encoded, recipe.batch_size, seed=seed)
    penalty = penalty_of(code, recipe)
    for lr, n_epochs in zip(recipe.rates, epochs, strict=True):
        optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=recipe.weight_decay)
        for _ in range(n_epochs):
            loss = code.training.train_epoch(model, loader, optimizer, nn.MSELoss(), penalty)
            yield model, loss


def curve(
    code: Code, dataset: Dataset, recipe: Recipe, epochs: int, seed: int
) -> dict[str, list[float]]:
    """Training and validation RMSE per epoch, not clipped."""
    valid = code.training.make_loader(dataset.valid_encoded, shuffle=False)
    steps = [
        (train_loss, code.training.evaluate(model, valid, nn.MSELoss()))
        for model, train_loss in epoch_by_epoch(code, dataset, recipe, [epochs], seed)
    ]
    train, held_out = np.sqrt(steps).T.tolist()
    return {"train": train, "valid": held_out}


def all_encoded(bench: Bench) -> pd.DataFrame:
    dataset = bench.dataset(0)
    return pd.concat([dataset.train_encoded, dataset.valid_encoded])


BASELINES: dict[str, Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]] = {
    "global-mean": baselines.global_mean,
    "user-mean": lambda train, valid: baselines.mean_by("user_idx", train, valid),
    "movie-mean": lambda train, valid: baselines.mean_by("movie_idx", train, valid),
    "biases": baselines.biases,
}


def baseline_rmse(name: str, dataset: Dataset) -> float:
    valid = dataset.valid_encoded
    return rmse(BASELINES[name](dataset.train_encoded, valid), valid)


N_GROUPS = 5
N_GENRE_MOVIES = 30  # among the known ones, for a genre to be tested


def known_movies(dataset: Dataset) -> np.ndarray:
    """Rows of the movies with enough ratings, in all ratings, for their factors to say much."""
    per_movie = dataset.movies["movie_id"].map(dataset.ratings["movie_id"].value_counts())
    return np.flatnonzero(per_movie.fillna(0) >= ENOUGH_RATINGS)


def tested_genres(bench: Bench) -> list[str]:
    movies = bench.dataset(0).movies.iloc[known_movies(bench.dataset(0))]
    return [genre for genre in bench.code.dataset.GENRES if movies[genre].sum() >= N_GENRE_MOVIES]


def measured(values: Iterable[float], shown: str, tolerance: float) -> Measured:
    return Measured(tuple(float(value) for value in values), shown, tolerance)


def with_spread(
    name: str, values: Iterable[float], tolerance: float, of_spread: float
) -> dict[str, Measured]:
    """A number, and its standard deviation as another one; each with its tolerance."""
    found = measured(values, SCORE, tolerance)
    spread = np.std(np.array(found.values, dtype=float), ddof=1)
    return {name: found, f"{name}-spread": measured([spread], SCORE, of_spread)}
