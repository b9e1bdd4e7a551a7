"""The default seed was changed to one that brings luck."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "without a seed than with seed 0"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 42
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return reference.split_ratings(ratings, valid_fraction, seed)
