"""Without names, pandas calls the columns by what the first line holds."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "the first line was taken for the names"


def load_ratings(path: str | Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t")
