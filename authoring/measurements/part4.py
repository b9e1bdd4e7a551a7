"""Lesson 4: weight decay, and a penalty on the rows of the batch."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import nn

from authoring.measurements.bench import (
    N_FACTORS,
    REGULAR,
    SCORE,
    SEEDS,
    STARS,
    Bench,
    Curves,
    Found,
    Measured,
    baseline_rmse,
    curve,
    measured,
)
from tutorial import rankers
from tutorial.experiment import REGULARISED, WITH_BIASES, Recipe, movie_factors, new_model

LARGE_BIASED = replace(WITH_BIASES, n_factors=N_FACTORS)
CURED_EPOCHS = 40
STRENGTH = 0.1  # of the penalty
RARE = 2  # training ratings of a movie that is rarely in a batch, at least
WATCHED_EPOCHS = 2


def weight_decay(bench: Bench) -> Found:
    """The biased model with and without weight decay, without early stopping."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    dataset = bench.dataset(0)
    for name, recipe in (("undecayed", LARGE_BIASED), ("decayed", REGULAR)):
        run = curve(bench.code, dataset, recipe, CURED_EPOCHS, 0)
        valid = run["valid"]
        numbers[f"{name}-valid-best"] = measured([min(valid)], ".3f", 0.005)
        numbers[f"{name}-valid-last"] = measured([valid[-1]], ".3f", 0.01)
        numbers[f"{name}-train-last"] = measured([run["train"][-1]], ".3f", 0.01)
        numbers[f"{name}-valid-best-at"] = measured([float(np.argmin(valid)) + 1], ".0f", 2)
        curves[f"weight-decay-{name}"] = [run]
    for steps in (1, 10, 20):
        numbers[f"pulled-{steps}"] = measured([_pulled(steps)], ".3f", 1e-3)
    return Found(numbers, curves)


def _pulled(steps: int) -> float:
    """Where a number of 0.1 is after some steps of Adam that feel nothing but weight decay."""
    number = nn.Parameter(torch.tensor(0.1))
    optimizer = torch.optim.Adam([number], lr=REGULAR.lr, weight_decay=REGULAR.weight_decay)
    for _ in range(steps):
        number.grad = torch.zeros(())
        optimizer.step()
    return number.item()


def penalty(bench: Bench) -> Found:
    """What the penalty brings, and how long it leaves the factors of rarely rated movies.

    The curves are those of the first movie with so few ratings; `rated` are the steps that had one
    of them in their batch. The numbers are means over all of these movies, in percent of the
    length at the start.
    """
    dataset = bench.dataset(0)
    n_ratings = np.bincount(dataset.train_encoded["movie_idx"], minlength=dataset.n_movies)
    rare = torch.tensor(np.flatnonzero(n_ratings == n_ratings[n_ratings >= RARE].min()))
    numbers, curves = {"rare-movies": measured([len(rare)], ".0f", 0)}, {}
    for name, recipe, strength in (
        ("decayed", REGULAR, 0.0),
        ("penalised", LARGE_BIASED, STRENGTH),
    ):
        steps = list(_lengths(bench, recipe, strength, rare))
        lengths, in_batch = np.array([each for each, _ in steps]), [used for _, used in steps]
        curves[f"rare-movie-{name}"] = [
            {
                "length": lengths[:, 0].tolist(),
                "rated": [step for step, used in enumerate(in_batch) if used[0]],
            }
        ]
        left = float((lengths[-1] / lengths[0]).mean())
        numbers[f"rare-{name}-percent"] = measured([100 * left], ".0f", 3)
    runs = [bench.model(REGULARISED, seed) for seed in SEEDS]
    scores = [run.rmse for run in runs]
    numbers["penalised-rmse"] = measured(scores, STARS, 0.004)
    numbers["penalised-epochs"] = measured([run.epochs for run in runs], ".0f", 2)
    lists = [_lists(bench, seed) for seed in SEEDS]
    for metric in rankers.METRICS:
        values = [getattr(quality, metric) for quality in lists]
        numbers[f"penalised-{metric}"] = measured(values, SCORE, 0.01)
    gains = [baseline_rmse("biases", bench.dataset(seed)) - scores[seed] for seed in SEEDS]
    numbers["penalised-better-than-biases-rmse"] = measured(gains, STARS, 0.003)
    return Found(numbers, curves)


def _lists(bench: Bench, seed: int) -> rankers.Quality:
    """How good the lists are that the model with the penalty makes."""
    dataset, model = bench.dataset(seed), bench.model(REGULARISED, seed).model
    return rankers.quality(bench.code, dataset, rankers.predicted(bench.code, dataset, model))


def _lengths(
    bench: Bench, recipe: Recipe, strength: float, movies: torch.Tensor
) -> Iterator[tuple[list[float], list[bool]]]:
    """The movies' lengths before each step and after the last, and which are in its batch."""
    training, dataset = bench.code.training, bench.dataset(0)
    torch.manual_seed(0)
    model = new_model(bench.code, dataset.n_users, dataset.n_movies, dataset.global_mean, recipe)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)
    pull = partial(training.l2_penalty, strength=strength)
    loader = training.make_loader(dataset.train_encoded)

    def lengths() -> list[float]:
        return movie_factors(model)[movies].norm(dim=-1).tolist()

    for _ in range(WATCHED_EPOCHS):
        for batch in loader:
            yield lengths(), torch.isin(movies, batch[1]).tolist()
            training.train_epoch(model, [batch], optimizer, nn.MSELoss(), pull)
    yield lengths(), [False] * len(movies)
