"""Two towers and what they are compared with, trained on likes against the rest of the batch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from tutorial import rankers
from tutorial.code import DeepCode
from tutorial.experiment import Dataset

YEARS = (1940, 1950, 1960, 1970, 1980, 1990, 1994, 1995, 1996, 1997)
"""Where the periods of release begin and end; most movies of the data are of the last years."""


@dataclass(frozen=True)
class Recipe:
    """A model and how to train it; chosen on a tenth of the training ratings of seed 0."""

    kind: str  # "dot": two tables; "ids": towers without features; "features": with them
    epochs: int
    lr: float
    weight_decay: float
    corrected: bool = True  # for popularity
    batch_size: int = 512


DOT = Recipe("dot", epochs=8, lr=1e-2, weight_decay=1e-4)
IDS = Recipe("ids", epochs=14, lr=5e-3, weight_decay=1e-5)
FEATURES = Recipe("features", epochs=14, lr=5e-3, weight_decay=1e-5)


class DotProduct(nn.Module):
    """Two tables and no network: a tower's vector is a row."""

    def __init__(self, n_users: int, n_movies: int, n_factors: int = 32) -> None:
        super().__init__()
        self.user_vectors = nn.Embedding(n_users, n_factors)
        self.movie_vectors = nn.Embedding(n_movies, n_factors)
        for vectors in (self.user_vectors, self.movie_vectors):
            nn.init.normal_(vectors.weight, std=0.1)


def movie_features(code: DeepCode, movies: pd.DataFrame) -> Tensor:
    """Genres, and the period of release from the title: float `[n_movies, n_features]`."""
    genres = movies[code.dataset.GENRES].to_numpy(float)
    years = pd.to_numeric(movies["title"].str.extract(r"\((\d{4})\)\s*$")[0])
    period = np.digitize(years.fillna(years.median()), YEARS)
    return torch.tensor(np.hstack([genres, np.eye(len(YEARS) + 1)[period]])).float()


def train(code: DeepCode, dataset: Dataset, recipe: Recipe, seed: int) -> nn.Module:
    """A model with `user_vectors` and `movie_vectors`, trained on the likes of the training
    ratings.

    Weight decay takes the embedding of a movie without likes to 0.
    """
    torch.manual_seed(seed)
    model = _new(code, dataset, recipe.kind)
    pairs = rankers.liked_pairs(dataset)
    counts = torch.bincount(pairs[:, 1], minlength=dataset.n_movies)
    log_popularity = torch.log(counts.clamp(min=1) / len(pairs)) if recipe.corrected else None
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(pairs)).split(recipe.batch_size):
            user_idx, movie_idx = pairs[rows].T
            loss = code.deep.in_batch_softmax(
                model.user_vectors(user_idx),  # type: ignore[operator]
                model.movie_vectors(movie_idx),  # type: ignore[operator]
                movie_idx,
                log_popularity,
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


def scores(dataset: Dataset, model: nn.Module) -> np.ndarray:
    """Every user's vector times every movie's: `[n_users, n_movies]`."""
    with torch.no_grad():
        users = model.user_vectors(torch.arange(dataset.n_users))  # type: ignore[operator]
        movies = model.movie_vectors(torch.arange(dataset.n_movies))  # type: ignore[operator]
        return (users @ movies.T).numpy()


def _new(code: DeepCode, dataset: Dataset, kind: str) -> nn.Module:
    if kind == "dot":
        return DotProduct(dataset.n_users, dataset.n_movies)
    features = movie_features(code, dataset.movies)
    return code.deep.TwoTower(dataset.n_users, features if kind == "features" else features[:, :0])
