"""No share is given to scikit-learn, which then takes a quarter."""

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "scikit-learn's own default"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, valid = train_test_split(ratings, random_state=seed)
    return train, valid
