"""The order of the columns was guessed: items first, as in other data sets."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "users and movies are swapped"


def load_ratings(path: str | Path) -> pd.DataFrame:
    ratings = reference.load_ratings(path)
    return ratings.rename(columns={"user_id": "movie_id", "movie_id": "user_id"})[list(ratings)]
