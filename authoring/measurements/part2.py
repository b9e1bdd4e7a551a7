"""Lesson 2: what is in the files, and two ways to split."""

import numpy as np

from authoring.measurements.bench import (
    BASELINES,
    N_FACTORS,
    REGULAR,
    SEEDS,
    STARS,
    Bench,
    Curves,
    Found,
    Measured,
    all_encoded,
    baseline_rmse,
    known_movies,
    measured,
    tested_genres,
    trained,
)
from tutorial import rankers


def counts(bench: Bench) -> Found:
    """What is in the files."""
    dataset = bench.dataset(0)
    ratings, movies = dataset.ratings, dataset.movies
    per_user, per_movie = (ratings[name].value_counts() for name in ("user_id", "movie_id"))
    top_tenth = per_movie.nlargest(round(0.1 * dataset.n_movies)).index
    liked = ratings.loc[ratings["rating"] >= rankers.LIKED, "movie_id"]
    spans = ratings.groupby("user_id")["timestamp"].agg(lambda times: times.max() - times.min())
    filled = rankers.table(all_encoded(bench), dataset.n_users, dataset.n_movies)
    by_count = np.sort(filled.sum(0))
    user_means = ratings.groupby("user_id")["rating"].mean()
    titles = movies["title"]
    lines = bench.movielens.movies_path.read_bytes().splitlines()
    u1_test = bench.code.dataset.load_ratings(bench.movielens.folder / "u1.test")
    western, cells = int(movies["Western"].sum()), dataset.n_users * dataset.n_movies
    known = known_movies(dataset)
    exact: dict[str, tuple[float, str]] = {
        "users": (dataset.n_users, ",.0f"),
        "movies": (dataset.n_movies, ",.0f"),
        "ratings": (len(ratings), ",.0f"),
        "cells": (cells, ",.0f"),
        "filled-percent": (100 * len(ratings) / cells, ".1f"),
        "rating-mean": (ratings["rating"].mean(), ".2f"),
        "rating-std": (ratings["rating"].std(ddof=0), ".3f"),
        "ratings-per-user-median": (per_user.median(), ".0f"),
        "ratings-per-user-least": (per_user.min(), ".0f"),
        "ratings-per-user-most": (per_user.max(), ".0f"),
        "ratings-per-movie-median": (per_movie.median(), ".0f"),
        "ratings-per-movie-most": (per_movie.max(), ".0f"),
        "movies-rated-once": ((per_movie == 1).sum(), ".0f"),
        "movies-known": (len(known), ".0f"),
        "user-mean-least": (user_means.min(), ".1f"),
        "user-mean-most": (user_means.max(), ".1f"),
        "user-pairs-shared-median": (np.median(_shared(filled)), ".0f"),
        "top-tenth-percent": (100 * by_count[-len(top_tenth) :].sum() / by_count.sum(), ".1f"),
        "top-tenth-likes-percent": (100 * liked.isin(top_tenth).mean(), ".1f"),
        "titles": (titles.nunique(), ",.0f"),
        "titles-twice": ((titles.value_counts() == 2).sum(), ".0f"),
        "not-utf8-lines": (sum(not _is_utf8(line) for line in lines), "Word"),
        "history-minutes-median": (spans.median() / 60, ".0f"),
        "westerns": (western, ".0f"),
        "never-western-percent": (100 - 100 * western / dataset.n_movies, ".1f"),
        "genres-tested": (len(tested_genres(bench)), ".0f"),
        "parameters-32": ((dataset.n_users + dataset.n_movies) * N_FACTORS, ",.0f"),
        "parameters-32-biased": ((dataset.n_users + dataset.n_movies) * (N_FACTORS + 1), ",.0f"),
        "biases-in-all": (dataset.n_users + dataset.n_movies, ",.0f"),
        "train-ratings": (len(dataset.train_encoded), ",.0f"),
        "u1-last-test-user": (u1_test["user_id"].max(), ".0f"),
        "cells-per-parameter": (cells / ((dataset.n_users + dataset.n_movies) * N_FACTORS), ".0f"),
    }
    shares = np.cumsum(by_count[::-1]) / by_count.sum()
    percent = np.linspace(0, len(by_count), 101).round().astype(int)
    return Found(
        {name: measured([float(value)], shown, 1e-6) for name, (value, shown) in exact.items()},
        {
            "ratings-histogram": ratings["rating"].value_counts().sort_index().tolist(),
            "long-tail": [0.0, *shares[percent[1:] - 1].tolist()],
            "sparsity": _density_by_tenths(bench),
        },
    )


def _shared(filled: np.ndarray) -> np.ndarray:
    """How many columns are filled in both rows, for every two rows."""
    both = filled.astype(np.float32) @ filled.T.astype(np.float32)
    return both[np.triu_indices(len(both), k=1)]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _density_by_tenths(bench: Bench) -> list[list[float]]:
    """Share of filled cells, by tenths of the users and of the movies, most active first."""
    dataset = bench.dataset(0)
    filled = rankers.table(all_encoded(bench), dataset.n_users, dataset.n_movies)
    users, movies = (
        np.array_split(np.argsort(-filled.sum(axis=axis), kind="stable"), 10) for axis in (1, 0)
    )
    return [[float(filled[np.ix_(u, m)].mean()) for m in movies] for u in users]


def splits(bench: Bench) -> Found:
    """The same methods and the same model on a random fifth and on each user's latest fifth."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    random_fifths = [bench.dataset(seed) for seed in SEEDS]
    for name in BASELINES:
        at_random = [baseline_rmse(name, dataset) for dataset in random_fifths]
        by_time = baseline_rmse(name, bench.by_time())
        numbers[f"{name}-rmse-random"] = measured(at_random, STARS, 0.001)
        numbers[f"{name}-rmse-by-time"] = measured([by_time], STARS, 0.001)
        curves[name] = [at_random, [by_time]]
    at_random = [bench.model(REGULAR, seed).rmse for seed in SEEDS]
    by_time_each = [trained(bench.code, bench.by_time(), REGULAR, seed).rmse for seed in SEEDS]
    numbers["regularised-rmse-by-time"] = measured(by_time_each, STARS, 0.004)
    curves["regularised"] = [at_random, by_time_each]
    cold = [d.n_movies - d.train_encoded["movie_idx"].nunique() for d in random_fifths]
    numbers["movies-without-training"] = measured(cold, ".0f", 0.5)
    for kind in ("train", "valid"):
        stars = getattr(bench.by_time(), f"{kind}_encoded")["rating"]
        numbers[f"by-time-{kind}-mean"] = measured([stars.mean()], ".2f", 1e-6)
    return Found(numbers, {"split-scores": [curves]})
