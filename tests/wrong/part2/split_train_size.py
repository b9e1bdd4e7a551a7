"""The share is given as train_size, so most rows are held out."""

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "train and valid are swapped"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, valid = train_test_split(ratings, train_size=valid_fraction, random_state=seed)
    return train, valid
