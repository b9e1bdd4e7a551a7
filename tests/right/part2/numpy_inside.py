"""Unique, searchsorted and lexsort of numpy, where the reference has pandas."""

import numpy as np
import pandas as pd

from solutions.part2.dataset import load_movies, split_ratings  # noqa: F401


def load_ratings(path: str) -> pd.DataFrame:
    table = np.loadtxt(path, dtype=np.int64)
    ratings = pd.DataFrame(table, columns=["user_id", "movie_id", "rating", "timestamp"])
    ratings["rating"] = ratings["rating"].astype(np.float32)
    return ratings


def build_index(ids) -> dict[int, int]:
    distinct = np.unique(np.asarray(ids))
    return dict(zip(distinct.tolist(), range(distinct.size), strict=True))


def lookup(ids: np.ndarray, index: dict[int, int]) -> np.ndarray:
    keys = np.array(sorted(index))
    places = np.clip(np.searchsorted(keys, ids), 0, len(keys) - 1)
    unknown = keys[places] != ids
    if unknown.any():
        raise KeyError(ids[unknown][0])
    return np.array([index[key] for key in keys.tolist()], dtype=np.int64)[places]


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": lookup(ratings["user_id"].to_numpy(), user_index),
            "movie_idx": lookup(ratings["movie_id"].to_numpy(), movie_index),
            "rating": ratings["rating"].to_numpy(dtype=np.float32),
        },
        index=ratings.index,
    )


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(valid_fraction)
    users, times = ratings["user_id"].to_numpy(), ratings["timestamp"].to_numpy()
    order = np.lexsort((times, users))
    _, first, sizes = np.unique(users[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, sizes)
    n_train = np.repeat(sizes - np.floor(sizes * valid_fraction).astype(int), sizes)
    return ratings.iloc[order[rank < n_train]], ratings.iloc[order[rank >= n_train]]
