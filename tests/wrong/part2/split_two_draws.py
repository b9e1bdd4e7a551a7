"""Training and validation rows are drawn independently of each other."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "know nothing of each other"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train = ratings.sample(frac=1 - valid_fraction, random_state=seed)
    return train, ratings.sample(frac=valid_fraction, random_state=seed + 1)
