"""sample and drop for both splits, nlargest for the newest ratings."""

import pandas as pd

from solutions.part2.dataset import *


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    valid = ratings.sample(frac=valid_fraction, random_state=seed)
    return ratings.drop(valid.index), valid


def split_by_time(ratings, valid_fraction=0.2):
    if valid_fraction >= 1 or valid_fraction <= 0:
        raise ValueError(f"a share between 0 and 1, please, not {valid_fraction}")
    newest = []
    for user, times in ratings.groupby("user_id").timestamp:
        newest.extend(times.nlargest(int(valid_fraction * len(times))).index)
        assert len(times) >= 1, user
    valid = ratings.loc[newest]
    return ratings.drop(index=newest), valid.sort_values("timestamp")


def build_index(ids):
    return {k: v for v, k in enumerate(pd.Series(list(ids)).drop_duplicates().sort_values())}
