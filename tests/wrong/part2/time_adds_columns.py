"""The ranks are put beside the ratings, in the table that came in."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "the caller's own data"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction={valid_fraction}")
    by_user = ratings.groupby("user_id")["timestamp"]
    ratings["recency"] = by_user.rank(method="first", ascending=False)
    ratings["n_held_out"] = (by_user.transform("size") * valid_fraction).astype(int)
    held_out = ratings["recency"] <= ratings["n_held_out"]
    return ratings[~held_out], ratings[held_out]
