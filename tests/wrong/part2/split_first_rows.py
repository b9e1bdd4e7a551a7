"""The first rows are held out, without shuffling."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "the first rows of the table were cut off"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    n_valid = round(len(ratings) * valid_fraction)
    return ratings.iloc[n_valid:], ratings.iloc[:n_valid]
