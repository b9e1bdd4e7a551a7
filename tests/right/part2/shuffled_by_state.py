"""A RandomState of its own, iterators of numpy, object titles: all right in another way."""

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from solutions.part2 import dataset
from solutions.part2.dataset import GENRES, build_index, load_ratings, split_by_time  # noqa: F401


def load_movies(path):
    movies = dataset.load_movies(path)
    movies["title"] = movies["title"].astype(object)
    movies.index = pd.Index(np.arange(1, len(movies) + 1), name="row")
    return movies


def encode_ratings(ratings, user_index, movie_index):
    def look_up(ids, index):
        unknown = ids[~ids.isin(list(index))]
        if not unknown.empty:
            raise KeyError(f"not in the index: {', '.join(map(str, unknown))}")
        return pd.Series(index, dtype="int64").reindex(ids).set_axis(ids.index)

    return pd.concat(
        {
            "user_idx": look_up(ratings["user_id"], user_index),
            "movie_idx": look_up(ratings["movie_id"], movie_index),
            "rating": ratings["rating"].astype(np.float32),
        },
        axis="columns",
    )


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    state = np.random.RandomState(seed)
    rows = np.arange(len(ratings))
    train, valid = train_test_split(rows, test_size=valid_fraction, random_state=state)
    return ratings.iloc[np.sort(train)].copy(), ratings.iloc[np.sort(valid)].copy()
