"""pandas guesses int64 for stars, and the guess is left as it is."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "whole numbers"


def load_ratings(path: str | Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", names=["user_id", "movie_id", "rating", "timestamp"])
