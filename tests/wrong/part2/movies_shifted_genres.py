"""'unknown' seems to be no genre, so the names begin with Action and move up by one."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "shifted by one"


def load_movies(path: str | Path) -> pd.DataFrame:
    movies = reference.load_movies(path)
    movies[GENRES] = movies[[GENRES[-1], *GENRES[:-1]]].to_numpy()
    return movies
