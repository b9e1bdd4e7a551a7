"""A random split under the name of a split by time."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "wrong rows in valid"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 < valid_fraction < 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    return split_ratings(ratings, valid_fraction)
