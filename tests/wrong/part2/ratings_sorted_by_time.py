"""Sorted by time, with the split of 2.6 in mind."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "sorted by time"


def load_ratings(path: str | Path) -> pd.DataFrame:
    return reference.load_ratings(path).sort_values("timestamp")
