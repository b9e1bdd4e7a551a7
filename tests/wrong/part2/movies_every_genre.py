"""All fields were read as text, and the text '0' is not empty: every flag becomes True."""

from pathlib import Path

import pandas as pd

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "the text '0' is not empty"


def load_movies(path: str | Path) -> pd.DataFrame:
    movies = reference.load_movies(path)
    flags = movies[GENRES].astype(int).astype(str)
    movies[GENRES] = flags.map(lambda flag: bool(flag))
    return movies
