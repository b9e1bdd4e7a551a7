"""Sorted by label at the end, which undoes the shuffling of the split."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "sorted"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return reference.encode_ratings(ratings, user_index, movie_index).sort_index()
