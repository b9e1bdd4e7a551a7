"""What a model has to beat: predictions from means alone.

Each baseline is fitted on an encoded training frame and predicts another one: float `[rows]`.
"""

import numpy as np
import pandas as pd


def global_mean(train: pd.DataFrame, valid: pd.DataFrame) -> np.ndarray:
    """The same rating for every user and movie."""
    return np.full(len(valid), train["rating"].mean())


def mean_by(column: str, train: pd.DataFrame, valid: pd.DataFrame) -> np.ndarray:
    """The mean of a user ("user_idx") or movie ("movie_idx"); the global mean for unknown ones."""
    means = train.groupby(column)["rating"].mean()
    return valid[column].map(means).fillna(train["rating"].mean()).to_numpy()


def biases(train: pd.DataFrame, valid: pd.DataFrame, sweeps: int = 10) -> np.ndarray:
    """Global mean plus a user's and a movie's bias, by alternating ridge regressions.

    (Koren 2010, "Factor in the Neighbors", section 2.1)
    """
    mean = train["rating"].mean()
    n_users = 1 + max(train["user_idx"].max(), valid["user_idx"].max())
    n_movies = 1 + max(train["movie_idx"].max(), valid["movie_idx"].max())
    user_idx, movie_idx = train["user_idx"].to_numpy(), train["movie_idx"].to_numpy()
    residuals = (train["rating"] - mean).to_numpy()
    user_bias, movie_bias = np.zeros(n_users), np.zeros(n_movies)
    for _ in range(sweeps):
        movie_bias = _shrunk_means(movie_idx, residuals - user_bias[user_idx], n_movies)
        user_bias = _shrunk_means(user_idx, residuals - movie_bias[movie_idx], n_users)
    return mean + user_bias[valid["user_idx"]] + movie_bias[valid["movie_idx"]]


def _shrunk_means(
    idx: np.ndarray, values: np.ndarray, size: int, regularization: float = 5.0
) -> np.ndarray:
    """Sum by index over (count + λ): few ratings, little bias."""
    sums = np.bincount(idx, weights=values, minlength=size)
    return sums / (np.bincount(idx, minlength=size) + regularization)
