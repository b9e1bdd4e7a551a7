"""pandas' defaults take the words None and nan for missing values."""

import csv
from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "took None, nan and N/A for missing"


def load_movies(path: str | Path) -> pd.DataFrame:
    columns = ["movie_id", "title", "release_date", "video_release_date", "imdb_url", *GENRES]
    movies = pd.read_csv(path, sep="|", names=columns, encoding="latin-1", quoting=csv.QUOTE_NONE)
    movies = movies.drop(columns=["release_date", "video_release_date", "imdb_url"])
    return movies.astype(dict.fromkeys(GENRES, bool))
