"""One cut through the whole table: users who came late have no training row."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "of all users together"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(valid_fraction)
    ordered = ratings.sort_values("timestamp")
    n_held_out = int(len(ratings) * valid_fraction)
    return ordered.iloc[:-n_held_out], ordered.iloc[-n_held_out:]
