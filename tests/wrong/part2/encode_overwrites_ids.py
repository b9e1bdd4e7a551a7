"""The ids are replaced in place; a second run of the cell then finds no id it knows."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "the caller's own data"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    ratings["user_id"] = encoded["user_idx"]
    ratings["movie_id"] = encoded["movie_idx"]
    return encoded
