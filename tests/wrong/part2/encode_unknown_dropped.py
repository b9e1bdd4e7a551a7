"""Rows with unknown ids are dropped in silence."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "was left out"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    known = ratings["user_id"].isin(user_index) & ratings["movie_id"].isin(movie_index)
    return reference.encode_ratings(ratings[known], user_index, movie_index)
