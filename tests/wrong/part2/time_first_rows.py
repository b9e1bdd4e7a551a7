"""cumcount counts rows as they stand in the file, from the first."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "the first rows of each user"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    by_user = ratings.groupby("user_id")["timestamp"]
    recency = by_user.cumcount() + 1
    n_held_out = (by_user.transform("size") * valid_fraction).astype(int)
    held_out = recency <= n_held_out
    return ratings[~held_out], ratings[held_out]
