"""One user at a time, then everything is put together again."""

import math

import pandas as pd
from sklearn.utils import shuffle

from solutions.part2.dataset import *


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    shuffled = shuffle(ratings, random_state=seed)
    n_valid = math.ceil(len(ratings) * valid_fraction)
    return shuffled[n_valid:], shuffled[:n_valid]


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0.0 < valid_fraction < 1.0:
        raise ValueError(f"{valid_fraction=} must be more than 0 and less than 1")
    train, valid = [], []
    for _, history in ratings.groupby("user_id", sort=False):
        history = history.sort_values("timestamp")
        n_valid = math.floor(len(history) * valid_fraction)
        n_train = len(history) - n_valid
        train.append(history.head(n_train))
        valid.append(history.tail(n_valid))
    return pd.concat(train), pd.concat(valid)
