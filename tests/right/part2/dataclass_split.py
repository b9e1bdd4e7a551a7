"""A class does the work; the functions of the task are thin."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import load_movies, load_ratings  # noqa: F401


@dataclass(frozen=True)
class Vocabulary:
    index: OrderedDict[int, int]

    @classmethod
    def of(cls, ids) -> Vocabulary:
        return cls(OrderedDict((int(raw), i) for i, raw in enumerate(sorted(set(ids)))))

    def __getitem__(self, raw_id: int) -> int:
        return self.index[raw_id]


def build_index(ids) -> dict[int, int]:
    return Vocabulary.of(ids).index


def encode_ratings(ratings: pd.DataFrame, user_index, movie_index) -> pd.DataFrame:
    users, movies = Vocabulary(user_index), Vocabulary(movie_index)
    encoded = ratings.assign(
        user_idx=ratings["user_id"].apply(users.__getitem__).astype("int64"),
        movie_idx=ratings["movie_id"].apply(movies.__getitem__).astype("int64"),
        rating=ratings["rating"].astype("float32"),
    )
    return encoded.filter(["user_idx", "movie_idx", "rating"])


@dataclass
class TimeSplit:
    valid_fraction: float

    def __post_init__(self) -> None:
        if not 0 < self.valid_fraction < 1:
            raise ValueError(f"valid_fraction = {self.valid_fraction}")

    def __call__(self, ratings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        newest_first = ratings.sort_values("timestamp", ascending=False)
        place = newest_first.groupby("user_id").cumcount()
        n = newest_first["user_id"].map(newest_first["user_id"].value_counts())
        held_out = place + 1 <= n * self.valid_fraction
        return newest_first.loc[~held_out], newest_first.loc[held_out]


def split_by_time(ratings: pd.DataFrame, valid_fraction: float = 0.2):
    return TimeSplit(valid_fraction)(ratings)


def split_ratings(ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0):
    split = partial(train_test_split, test_size=valid_fraction, random_state=seed)
    return split(ratings, stratify=ratings["user_id"])
