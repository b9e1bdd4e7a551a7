"""read_csv reads commas unless told otherwise: one column of text and three of nothing."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "invalid literal"


def load_ratings(path: str | Path) -> pd.DataFrame:
    names = ["user_id", "movie_id", "rating", "timestamp"]
    ratings = pd.read_csv(path, names=names)
    return ratings.astype({"user_id": "int64", "rating": "float32"})
