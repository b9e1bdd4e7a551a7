"""The NaN of an unknown id only fails at astype, with a ValueError that names nothing."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "wrong kind of error"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": ratings["user_id"].map(user_index).astype("int64"),
            "movie_idx": ratings["movie_id"].map(movie_index).astype("int64"),
            "rating": ratings["rating"].astype("float32"),
        }
    )
