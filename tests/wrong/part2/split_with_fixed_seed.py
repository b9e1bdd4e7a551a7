"""random_state=42, as everywhere on the internet; the argument does nothing."""

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "the seed is fixed in the code"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, valid = train_test_split(ratings, test_size=valid_fraction, random_state=42)
    return train, valid
