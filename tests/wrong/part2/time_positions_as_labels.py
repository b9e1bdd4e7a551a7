"""Row positions are used as labels, which they are only in a frame fresh from its file."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "KeyError"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    held_out = []
    for _, rows in ratings.reset_index(drop=True).groupby("user_id"):
        n_held_out = int(len(rows) * valid_fraction)
        held_out += rows.sort_values("timestamp").index[len(rows) - n_held_out :].tolist()
    return ratings.drop(held_out), ratings.loc[held_out]
