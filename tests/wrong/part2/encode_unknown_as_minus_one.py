"""dict.get with −1 never complains, but −1 is the last row of a table."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "means the last row"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": ratings["user_id"]
            .map(lambda raw_id: user_index.get(raw_id, -1))
            .astype("int64"),
            "movie_idx": ratings["movie_id"]
            .map(lambda raw_id: movie_index.get(raw_id, -1))
            .astype("int64"),
            "rating": ratings["rating"].astype("float32"),
        }
    )
