"""0 and 1 do for most purposes, so the flags stay numbers."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "still numbers 0 and 1"


def load_movies(path: str | Path) -> pd.DataFrame:
    return reference.load_movies(path).astype(dict.fromkeys(GENRES, int))
