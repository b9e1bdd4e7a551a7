"""assert is short, but it raises AssertionError and vanishes with python -O."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.6"]
SAYS = "AssertionError"


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    assert 0 < valid_fraction < 1, f"valid_fraction is {valid_fraction}"
    return reference.split_by_time(ratings, valid_fraction)
