"""pandas takes the first line for names unless it gets some."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "the first movie was taken for the names"


def load_movies(path: str | Path) -> pd.DataFrame:
    return reference.load_movies(path).iloc[1:]
