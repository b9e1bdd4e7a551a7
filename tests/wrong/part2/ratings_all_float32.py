"""One dtype for the whole file is shorter, but ids and seconds are no floats."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "numbers became floats"


def load_ratings(path: str | Path) -> pd.DataFrame:
    names = ["user_id", "movie_id", "rating", "timestamp"]
    return pd.read_csv(path, sep="\t", names=names, dtype="float32")
