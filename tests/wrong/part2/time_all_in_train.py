"""The latest ratings are found but not taken away from training."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "those held out were not taken away"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return ratings, reference.split_by_time(ratings, valid_fraction)[1]
