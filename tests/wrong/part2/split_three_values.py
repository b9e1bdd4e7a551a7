"""Features and targets are split as in scikit-learn's examples: four frames come back."""

import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "4 things"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    targets = ratings[["rating"]]
    return train_test_split(ratings, targets, test_size=valid_fraction, random_state=seed)
