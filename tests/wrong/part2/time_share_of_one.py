"""A share of exactly 1 passes the check, and nobody keeps a training row."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "with a share of 1"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not 0 <= valid_fraction <= 1:
        raise ValueError(f"valid_fraction is {valid_fraction}")
    held_out = pd.Series(True, index=ratings.index)
    if valid_fraction == 1:
        return ratings[~held_out], ratings[held_out]
    return reference.split_by_time(ratings, valid_fraction)
