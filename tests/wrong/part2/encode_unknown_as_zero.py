"""fillna(0) makes whole numbers possible again, and gives strangers the first user's row."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "the row of somebody else"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": ratings["user_id"].map(user_index).fillna(0).astype("int64"),
            "movie_idx": ratings["movie_id"].map(movie_index).fillna(0).astype("int64"),
            "rating": ratings["rating"].astype("float32"),
        }
    )
