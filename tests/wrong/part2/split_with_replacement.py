"""Drawn with replacement, as a bootstrap does: some rows are held out twice."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "more than once"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    valid = ratings.sample(frac=valid_fraction, random_state=seed, replace=True)
    return ratings.drop(valid.index), valid
