"""apply glues one Series per user together; with one user it makes a row of it instead."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "bad operand type for unary ~"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction={valid_fraction}")

    def is_late(history: pd.DataFrame) -> pd.Series:
        recency = history["timestamp"].rank(method="first", ascending=False)
        return recency <= int(len(history) * valid_fraction)

    held_out = ratings.groupby("user_id", group_keys=False).apply(is_late)
    held_out = held_out.reindex(ratings.index)
    return ratings[~held_out], ratings[held_out]
