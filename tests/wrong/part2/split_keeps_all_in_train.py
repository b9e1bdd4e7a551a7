"""The held-out rows are drawn but never taken away from training."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "those held out were not taken away"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return ratings, ratings.sample(frac=valid_fraction, random_state=seed)
