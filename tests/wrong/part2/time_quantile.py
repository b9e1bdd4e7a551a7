"""A cut at a quantile of the timestamps: ratings of that very second stay together."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "wrong number of ratings"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    by_user = ratings.groupby("user_id")["timestamp"]
    held_out = ratings["timestamp"] > by_user.transform("quantile", q=1 - valid_fraction)
    return ratings[~held_out], ratings[held_out]
