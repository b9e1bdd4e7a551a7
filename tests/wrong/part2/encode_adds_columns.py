"""The new columns are added to the frame that came in, and some of it is returned."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "added to the frame that came in"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    ratings["user_idx"] = encoded["user_idx"]
    ratings["movie_idx"] = encoded["movie_idx"]
    return ratings[["user_idx", "movie_idx", "rating"]].astype({"rating": "float32"})
