"""header=0 next to names replaces the first line, which here is a rating and not names."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "the first line was taken for the names"


def load_ratings(path: str | Path) -> pd.DataFrame:
    names = ["user_id", "movie_id", "rating", "timestamp"]
    return pd.read_csv(path, sep="\t", names=names, header=0, dtype={"rating": "float32"})
