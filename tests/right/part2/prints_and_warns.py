"""Looks at every frame, and warns of everything."""

import sys
import warnings

import pandas as pd

from solutions.part2 import dataset
from solutions.part2.dataset import GENRES  # noqa: F401

warnings.warn("dataset.py is being imported", stacklevel=1)
pd.set_option("display.width", 200)


def load_ratings(path):
    ratings = dataset.load_ratings(path)
    print(ratings.head())
    print(ratings.describe(), file=sys.stderr)
    return ratings


def load_movies(path):
    movies = dataset.load_movies(path)
    movies.info()
    return movies


def build_index(ids):
    index = dataset.build_index(ids)
    print(len(index), "ids")
    warnings.warn("ids have gaps", UserWarning, stacklevel=2)
    return index


def encode_ratings(ratings, user_index, movie_index):
    print(user_index, movie_index, sep="\n")
    return dataset.encode_ratings(ratings, user_index, movie_index)


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    print(f"holding out {valid_fraction:.0%} with {seed=}")
    return dataset.split_ratings(ratings, valid_fraction, seed)


def split_by_time(ratings, valid_fraction=0.2):
    train, valid = dataset.split_by_time(ratings, valid_fraction)
    for name, half in (("train", train), ("valid", valid)):
        print(name, len(half), half["timestamp"].min(), half["timestamp"].max())
    return train, valid
