"""pandas' defaults take a quotation mark at the start of a title for its own."""

from pathlib import Path

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "marks around the field"


def load_movies(path: str | Path) -> pd.DataFrame:
    columns = ["movie_id", "title", "release_date", "video_release_date", "imdb_url", *GENRES]
    movies = pd.read_csv(path, sep="|", names=columns, encoding="latin-1", keep_default_na=False)
    movies = movies.drop(columns=["release_date", "video_release_date", "imdb_url"])
    return movies.astype(dict.fromkeys(GENRES, bool))
