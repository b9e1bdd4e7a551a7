"""Users with too few ratings to hold one out are dropped altogether."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "in neither set"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, valid = reference.split_by_time(ratings, valid_fraction)
    return train[train["user_id"].isin(valid["user_id"])], valid
