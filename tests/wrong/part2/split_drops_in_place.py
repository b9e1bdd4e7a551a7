"""What is held out is dropped from the table itself: the caller has nothing to split again."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "the caller's own data"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    valid = ratings.sample(frac=valid_fraction, random_state=seed)
    ratings.drop(valid.index, inplace=True)
    return ratings, valid
