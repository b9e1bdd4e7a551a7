"""max(1, …) so that every user is validated; who has one rating then trains on none."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "at least one rating of each user"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    by_user = ratings.groupby("user_id")["timestamp"]
    recency = by_user.rank(method="first", ascending=False)
    n_held_out = (by_user.transform("size") * valid_fraction).astype(int).clip(lower=1)
    held_out = recency <= n_held_out
    return ratings[~held_out], ratings[held_out]
