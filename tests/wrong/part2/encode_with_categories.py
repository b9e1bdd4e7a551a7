"""Category codes are ascending numbers of this frame's ids; the given index is ignored."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "from the ids of these rows alone"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_idx": ratings["user_id"].astype("category").cat.codes.astype("int64"),
            "movie_idx": ratings["movie_id"].astype("category").cat.codes.astype("int64"),
            "rating": ratings["rating"].astype("float32"),
        }
    )
