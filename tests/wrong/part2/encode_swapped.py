"""The two columns of indices were mixed up when the frame was built."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "users and movies are swapped"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    names = {"user_idx": "movie_idx", "movie_idx": "user_idx"}
    return encoded.rename(columns=names)[["user_idx", "movie_idx", "rating"]]
