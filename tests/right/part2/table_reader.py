"""read_table, numbered columns that get their names later, and a converter for each flag."""

import pandas as pd
from sklearn.model_selection import ShuffleSplit

from solutions.part2.dataset import GENRES, build_index, encode_ratings  # noqa: F401


def load_ratings(path):
    ratings = pd.read_table(path, header=None)
    ratings.columns = ["user_id", "movie_id", "rating", "timestamp"]
    ratings.rating = ratings.rating.astype("float32")
    return ratings


def load_movies(path):
    movies = pd.read_table(
        path,
        sep="|",
        header=None,
        encoding="ISO-8859-1",
        quoting=3,
        na_filter=False,
        converters={5 + place: lambda flag: flag == "1" for place in range(len(GENRES))},
    )
    movies = movies.drop(columns=[2, 3, 4])
    movies.columns = ["movie_id", "title", *GENRES]
    return movies


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    splitter = ShuffleSplit(n_splits=1, test_size=valid_fraction, random_state=seed)
    train, valid = next(splitter.split(ratings))
    return [ratings.iloc[train], ratings.iloc[valid]]


def split_by_time(ratings, valid_fraction=0.2):
    if not 0 < valid_fraction < 1:
        raise ValueError("not a share: %r" % valid_fraction)  # noqa: UP031
    ordered = ratings.sort_values(["user_id", "timestamp"], kind="stable")
    from_the_end = ordered.groupby("user_id").cumcount(ascending=False)
    sizes = ordered.groupby("user_id")["user_id"].transform("size")
    held_out = from_the_end < sizes * valid_fraction // 1
    return ordered[~held_out], ordered[held_out]
