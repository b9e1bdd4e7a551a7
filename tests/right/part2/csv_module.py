"""The standard library reads the files; pandas only gets finished columns."""

import csv

import numpy as np
import pandas as pd

GENRES = (
    "unknown,Action,Adventure,Animation,Children's,Comedy,Crime,Documentary,Drama,Fantasy,"
    "Film-Noir,Horror,Musical,Mystery,Romance,Sci-Fi,Thriller,War,Western"
)


def load_ratings(path):
    with open(path, newline="") as file:
        rows = [[int(field) for field in row] for row in csv.reader(file, delimiter="\t")]
    users, movies, ratings, timestamps = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "user_id": np.array(users, dtype=np.int64),
            "movie_id": np.array(movies, dtype=np.int64),
            "rating": np.array(ratings, dtype=np.float32),
            "timestamp": np.array(timestamps, dtype=np.int64),
        }
    )


def load_movies(path):
    rows = []
    with open(path, encoding="iso-8859-1") as file:
        for line in file:
            movie_id, title, _, _, _, *flags = line.rstrip("\n").split("|")
            rows.append([int(movie_id), title, *(flag == "1" for flag in flags)])
    return pd.DataFrame(rows, columns=["movie_id", "title", *GENRES.split(",")])


def build_index(ids):
    index = {}
    for raw_id in sorted(map(int, ids)):
        if raw_id not in index:
            index[raw_id] = len(index)
    return index


def encode_ratings(ratings, user_index, movie_index):
    user_idx = [user_index[raw_id] for raw_id in ratings["user_id"]]
    movie_idx = [movie_index[raw_id] for raw_id in ratings["movie_id"]]
    encoded = pd.DataFrame({"user_idx": user_idx, "movie_idx": movie_idx}, dtype="int64")
    encoded["rating"] = ratings["rating"].to_numpy(dtype="float32")
    encoded.index = ratings.index
    return encoded


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    order = np.random.default_rng(seed).permutation(len(ratings))
    n_valid = int(len(ratings) * valid_fraction)
    return ratings.iloc[order[n_valid:]], ratings.iloc[order[:n_valid]]


def split_by_time(ratings, valid_fraction=0.2):
    if valid_fraction <= 0 or valid_fraction >= 1:
        raise ValueError("valid_fraction must lie between 0 and 1")
    by_user = {}
    for position, user in enumerate(ratings["user_id"]):
        by_user.setdefault(user, []).append(position)
    times = ratings["timestamp"].to_numpy()
    train, valid = [], []
    for positions in by_user.values():
        positions.sort(key=lambda position: times[position])
        cut = len(positions) - int(len(positions) * valid_fraction)
        train += positions[:cut]
        valid += positions[cut:]
    return ratings.iloc[train], ratings.iloc[valid]
