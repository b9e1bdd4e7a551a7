"""replace changes the ids it knows and leaves the others as they are."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "the raw id was left"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": ratings["user_id"].replace(user_index).astype("int64"),
            "movie_idx": ratings["movie_id"].replace(movie_index).astype("int64"),
            "rating": ratings["rating"].astype("float32"),
        }
    )
