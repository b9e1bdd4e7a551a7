"""A title seems to name a movie, but two movies can share one, such as Chasing Amy."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "taken for one"


def load_movies(path: str | Path) -> pd.DataFrame:
    return reference.load_movies(path).drop_duplicates("title")
