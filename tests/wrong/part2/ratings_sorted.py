"""Sorted by user and movie, because it looks tidier."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "sorted by user"


def load_ratings(path: str | Path) -> pd.DataFrame:
    return reference.load_ratings(path).sort_values(["user_id", "movie_id"], ignore_index=True)
