"""The names of the last two columns are swapped; both hold whole numbers, so nothing crashes."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "rating and timestamp are swapped"


def load_ratings(path: str | Path) -> pd.DataFrame:
    names = ["user_id", "movie_id", "timestamp", "rating"]
    ratings = pd.read_csv(path, sep="\t", names=names)
    dtypes = {"rating": "float32", "timestamp": "int64"}
    return ratings[["user_id", "movie_id", "rating", "timestamp"]].astype(dtypes)
