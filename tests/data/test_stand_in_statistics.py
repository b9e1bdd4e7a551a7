"""The stand-in has the statistics of MovieLens 100K, and models come out in the same order on it.

The bounds are a mean over seeds plus or minus about four standard deviations, so that a harmless
change of the generator passes and a change of what it imitates does not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from data import MovieLens
from data.synthetic import GENRES, make_ratings

README = Path(__file__).parents[2] / "data" / "README.md"
N_USERS, N_MOVIES = 943, 1682


@dataclass(frozen=True)
class Triples:
    user_idx: np.ndarray
    movie_idx: np.ndarray
    rating: np.ndarray

    def take(self, rows: np.ndarray) -> "Triples":
        return Triples(self.user_idx[rows], self.movie_idx[rows], self.rating[rows])


def describe(triples: Triples) -> dict[str, float]:
    """Measure the statistics that stand in the README's table, under the names used there."""
    n_per_user = np.bincount(triples.user_idx, minlength=N_USERS)
    n_per_movie = np.bincount(triples.movie_idx, minlength=N_MOVIES)
    user_mean = np.bincount(triples.user_idx, triples.rating) / n_per_user
    movie_mean = np.bincount(triples.movie_idx, triples.rating) / n_per_movie
    often = n_per_movie >= 20
    top = np.sort(n_per_movie)[::-1][: N_MOVIES // 10]
    return {
        "mean rating": triples.rating.mean(),
        "sd of the ratings": triples.rating.std(),
        "ratings per user, least": n_per_user.min(),
        "ratings per user, median": np.median(n_per_user),
        "ratings per user, most": n_per_user.max(),
        "ratings per user, Gini": gini(n_per_user),
        "ratings per movie, median": np.median(n_per_movie),
        "ratings per movie, most": n_per_movie.max(),
        "ratings per movie, Gini": gini(n_per_movie),
        "movies rated once": (n_per_movie == 1).sum(),
        "movies rated 20 times or more": often.sum(),
        "share of ratings, top tenth of the movies": top.sum() / len(triples.rating),
        "sd of the users' means": user_mean.std(),
        "sd of the movies' means (20 ratings or more)": movie_mean[often].std(),
        "correlation of log count and mean, movies": np.corrcoef(np.log(n_per_movie), movie_mean)[
            0, 1
        ],
    }


def gini(counts: np.ndarray) -> float:
    ranks = np.arange(1, len(counts) + 1)
    return float((2 * ranks - len(counts) - 1) @ np.sort(counts) / (len(counts) * counts.sum()))


def rmse_of_models(triples: Triples) -> dict[str, float]:
    """RMSE on a random fifth of the ratings, clipped to 1 to 5 stars."""
    order = np.random.default_rng(0).permutation(len(triples.rating))
    n_valid = len(order) // 5
    valid, train = triples.take(order[:n_valid]), triples.take(order[n_valid:])
    models: dict[str, Callable[[Triples, Triples], np.ndarray]] = {
        "RMSE, global mean": lambda train, valid: np.full(n_valid, train.rating.mean()),
        "RMSE, biases": predict_with_biases,
        "RMSE, matrix factorization": predict_with_factors,
    }
    errors = {name: predict(train, valid) for name, predict in models.items()}
    return {
        name: float(np.sqrt(np.mean((valid.rating - predicted.clip(1, 5)) ** 2)))
        for name, predicted in errors.items()
    }


def predict_with_biases(train: Triples, valid: Triples, shrinkage: float = 5.0) -> np.ndarray:
    """Global mean and a bias for each user and movie, by ten sweeps of least squares."""
    mean = train.rating.mean()
    user_bias, movie_bias = np.zeros(N_USERS), np.zeros(N_MOVIES)
    n_per_user = np.bincount(train.user_idx, minlength=N_USERS)
    n_per_movie = np.bincount(train.movie_idx, minlength=N_MOVIES)
    for _ in range(10):
        left = train.rating - mean - user_bias[train.user_idx]
        movie_bias = np.bincount(train.movie_idx, left, N_MOVIES) / (n_per_movie + shrinkage)
        left = train.rating - mean - movie_bias[train.movie_idx]
        user_bias = np.bincount(train.user_idx, left, N_USERS) / (n_per_user + shrinkage)
    return mean + user_bias[valid.user_idx] + movie_bias[valid.movie_idx]


def predict_with_factors(
    train: Triples, valid: Triples, n_factors: int = 50, epochs: int = 15, batch_size: int = 1024
) -> np.ndarray:
    """Biased matrix factorization with the settings that were tuned on MovieLens 100K."""
    generator = torch.Generator().manual_seed(0)
    # one row a user or movie: its factors, and last its bias
    tables = [
        (0.02 * torch.randn(n, n_factors + 1, generator=generator)).requires_grad_()
        for n in (N_USERS, N_MOVIES)
    ]
    optimizer = torch.optim.Adam(tables, lr=5e-3)
    mean = float(train.rating.mean())

    def predict(user: torch.Tensor, movie: torch.Tensor) -> torch.Tensor:
        return mean + (user[:, :-1] * movie[:, :-1]).sum(1) + user[:, -1] + movie[:, -1]

    user_idx, movie_idx = torch.from_numpy(train.user_idx), torch.from_numpy(train.movie_idx)
    rating = torch.from_numpy(train.rating).float()
    n_steps = epochs * -(-len(rating) // batch_size)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=n_steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(rating), generator=generator).split(batch_size):
            user, movie = tables[0][user_idx[rows]], tables[1][movie_idx[rows]]
            error = predict(user, movie) - rating[rows]
            penalty = 0.1 * ((user**2).sum(1) + (movie**2).sum(1))
            optimizer.zero_grad()
            (error**2 + penalty).mean().backward()
            optimizer.step()
            decay.step()
    with torch.no_grad():
        return predict(tables[0][valid.user_idx], tables[1][valid.movie_idx]).numpy()
