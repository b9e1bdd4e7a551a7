"""test_size=0.2 was typed in, and the argument does nothing."""

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "a fifth is held out"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, valid = train_test_split(ratings, test_size=0.2, random_state=seed)
    return train, valid
