"""The first line becomes names, which are then replaced; dtypes are left to pandas."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "the first line was taken for the names"


def load_ratings(path: str | Path) -> pd.DataFrame:
    ratings = pd.read_csv(path, sep="\t")
    ratings.columns = ["user_id", "movie_id", "rating", "timestamp"]
    return ratings
