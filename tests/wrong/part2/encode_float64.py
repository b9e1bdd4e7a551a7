"""The rating is taken over as it came, float64 where it was float64."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "float64, pandas' own choice"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    return encoded.assign(rating=ratings["rating"])
