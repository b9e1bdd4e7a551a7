"""The UnicodeDecodeError was silenced with encoding_errors='ignore'."""

import csv
from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "with what is not UTF-8 left out"


def load_movies(path: str | Path) -> pd.DataFrame:
    columns = ["movie_id", "title", "release_date", "video_release_date", "imdb_url", *GENRES]
    movies = pd.read_csv(
        path,
        sep="|",
        names=columns,
        encoding_errors="ignore",
        quoting=csv.QUOTE_NONE,
        keep_default_na=False,
    )
    return movies[["movie_id", "title", *GENRES]].astype(dict.fromkeys(GENRES, bool))
