"""Lists carry no index labels, so the rows are numbered anew."""

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "numbered anew"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    return encoded.reset_index(drop=True)
