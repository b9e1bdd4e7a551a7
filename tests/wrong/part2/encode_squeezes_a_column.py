"""squeeze() makes a Series of a table with one column; of one row it makes a number."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "AttributeError"


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    columns = {}
    for name, index in (("user", user_index), ("movie", movie_index)):
        ids = ratings[[f"{name}_id"]].squeeze()
        columns[f"{name}_idx"] = ids.apply(lambda raw_id, index=index: index[raw_id])
    return pd.DataFrame({**columns, "rating": ratings["rating"].astype("float32")})
