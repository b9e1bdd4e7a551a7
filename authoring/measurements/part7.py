"""Lesson 7: two towers, what comes next, and how much of it is the order."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from torch import nn

from authoring.measurements.bench import (
    N_GROUPS,
    SCORE,
    Bench,
    Found,
    Measured,
    all_encoded,
    measured,
    with_spread,
)
from tutorial import next_movie, rankers, retrieval
from tutorial.experiment import Dataset
from tutorial.next_movie import Recipe, Task

DEEP_SEEDS = range(3)
NEXT = Recipe()

# Two towers

TOWERS = {
    "dot": retrieval.DOT,
    "ids": retrieval.IDS,
    "features": retrieval.FEATURES,
}


def towers(bench: Bench) -> Found:
    """Lists from a dot product and from two towers, with and without the correction."""
    numbers: dict[str, Measured] = {}
    found: dict[str, list[rankers.Quality]] = {}
    for seed in DEEP_SEEDS:
        dataset = bench.dataset(seed)
        for name, recipe in TOWERS.items():
            for slug, corrected in ((name, True), (f"{name}-uncorrected", False)):
                model = retrieval.train(
                    bench.code, dataset, replace(recipe, corrected=corrected), seed
                )
                scores = retrieval.scores(dataset, model)
                found.setdefault(slug, []).append(rankers.quality(bench.code, dataset, scores))
    for slug, qualities in found.items():
        ndcg = [quality.ndcg for quality in qualities]
        to_top = [100 * quality.to_top_tenth for quality in qualities]
        coverage = [100 * quality.coverage for quality in qualities]
        numbers[f"tower-{slug}-ndcg"] = measured(ndcg, SCORE, 0.015)
        numbers[f"tower-{slug}-to-top-tenth-percent"] = measured(to_top, ".0f", 6)
        numbers[f"tower-{slug}-coverage-percent"] = measured(coverage, ".0f", 5)
    for name, other in (("ids", "dot"), ("features", "ids")):
        gains = np.subtract([q.ndcg for q in found[name]], [q.ndcg for q in found[other]])
        numbers |= with_spread(f"tower-{name}-beyond-{other}", gains, 0.015, 0.01)
    return Found(numbers)


FEATURES_SHRINKAGE = 20.0


def new_movies(bench: Bench) -> Found:
    """Lists of movies that nobody has rated: a fifth of them is left out of training."""
    found = pd.DataFrame([_new_movie_ndcg(bench, group) for group in range(N_GROUPS)])
    numbers = {f"new-{name}-ndcg": measured(found[name], SCORE, 0.02) for name in found}
    gains = found["features"] - found["popular"]
    return Found(numbers | with_spread("new-features-beyond-popular", gains, 0.015, 0.01))


def _new_movie_ndcg(bench: Bench, group: int) -> dict[str, float]:
    """nDCG@10 of lists of the left-out movies only, by method.

    "popular" predicts from the features how many like a movie, for everybody the same.
    """
    everything = all_encoded(bench)
    is_new = everything["movie_idx"] % N_GROUPS == group
    dataset = replace(
        bench.dataset(0), train_encoded=everything[~is_new], valid_encoded=everything[is_new]
    )
    features = retrieval.movie_features(bench.code, dataset.movies).numpy()
    known = np.arange(dataset.n_movies) % N_GROUPS != group
    likes = rankers.likes(dataset).sum(axis=0)
    regression = Ridge(FEATURES_SHRINKAGE).fit(features[known], likes[known])
    scores = {
        "popular": np.tile(regression.predict(features), (dataset.n_users, 1)),
        **{
            name: retrieval.scores(dataset, retrieval.train(bench.code, dataset, recipe, group))
            for name, recipe in TOWERS.items()
            if name != "dot"
        },
        "random": np.zeros((dataset.n_users, dataset.n_movies)),
    }
    new = np.random.default_rng(group).permutation(np.flatnonzero(~known))  # so go ties
    relevant = rankers.relevant(dataset)
    return {name: _ndcg_among(bench, table, new, relevant) for name, table in scores.items()}


def _ndcg_among(
    bench: Bench, scores: np.ndarray, movies: np.ndarray, relevant: dict[int, set[int]]
) -> float:
    """nDCG@10 of lists of these movies alone; ties go in their order."""
    found = []
    for user, liked in relevant.items():
        best = movies[np.argsort(-scores[user, movies], kind="stable")[: rankers.K]]
        found.append(bench.code.recommend.ndcg_at_k(best.tolist(), liked, rankers.K))
    return float(np.mean(found))


# What comes next


def what_comes_next(bench: Bench) -> Found:
    """The ladder on each user's last rating, with shuffled histories as a control."""
    task = _left_out(bench)
    code = bench.code
    places = {
        "popular": [next_movie.ranks(task, next_movie.most_rated(task))],
        "ease": [next_movie.ranks(task, next_movie.ease(task))],
        "bpr": _each(lambda seed: next_movie.ranks(task, next_movie.bpr(code, task, seed))),
        "counts": [next_movie.ranks(task, next_movie.counted(code, task))],
        "attention": _each(lambda seed: _ranks_of(_trained(bench, seed), task)),
    }
    controls = [next_movie.shuffled(task, seed) for seed in DEEP_SEEDS]
    places["counts-shuffled"] = [
        next_movie.ranks(control, next_movie.counted(code, control)) for control in controls
    ]
    places["attention-shuffled"] = _each(lambda seed: _attention(bench, controls[seed], seed))
    numbers = _quality("next", places)
    numbers |= _by_second(bench, task, places["counts"], places["attention"])
    numbers["next-attention-times-ease"] = measured(
        _ndcg(places["attention"]) / _ndcg(places["ease"]), ".1f", 0.4
    )
    gains = _ndcg(places["attention"]) - _ndcg(places["counts"])
    return Found(numbers | with_spread("next-attention-beyond-counts", gains, 0.015, 0.01))


def same_second(bench: Bench) -> Found:
    """How much of the order is one page sent off at once; and the ladder if such ties go at
    random."""
    ratings, n_users, n_movies = _ratings(bench)
    shared = ratings.duplicated(["user_idx", "timestamp"], keep=False)
    later = ratings.duplicated(["user_idx", "timestamp"], keep="first")
    continued = later.sum() / (len(ratings) - n_users)  # of all that come after another
    numbers = {
        "same-second-percent": measured([100 * shared.mean()], ".0f", 0.5),
        "same-second-steps-percent": measured([100 * continued], ".0f", 0.5),
    }
    tasks = []
    for seed in DEEP_SEEDS:
        at_random = ratings.sample(frac=1, random_state=seed).sort_values(
            ["user_idx", "timestamp"], kind="stable"
        )
        # whole seconds become distinct, so that the order that was drawn is the only one
        at_random["timestamp"] = np.arange(len(at_random))
        tasks.append(next_movie.leave_last_out(at_random, n_users, n_movies))
    places = {
        "ease": _each(lambda seed: next_movie.ranks(tasks[seed], next_movie.ease(tasks[seed]))),
        "counts": _each(
            lambda seed: next_movie.ranks(tasks[seed], next_movie.counted(bench.code, tasks[seed]))
        ),
        "attention": _each(lambda seed: _attention(bench, tasks[seed], seed)),
        "attention-shuffled": _each(
            lambda seed: _attention(bench, next_movie.shuffled(tasks[seed], seed), seed)
        ),
    }
    return Found(numbers | _quality("ties", places))


def _by_second(
    bench: Bench, task: Task, counts: list[np.ndarray], attention: list[np.ndarray]
) -> dict[str, Measured]:
    """The ladder apart for users whose last two ratings share their second, and the others."""
    ratings, *_ = _ratings(bench)
    ends = ratings.groupby("user_idx")["timestamp"].agg(lambda times: times.iloc[-2:].nunique())
    same = (ends.loc[task.users] == 1).to_numpy()
    ease = [next_movie.ranks(task, next_movie.ease(task))]
    numbers = {"next-same-second-users-percent": measured([100 * same.mean()], ".0f", 0.5)}
    for slug, users in (("same", same), ("apart", ~same)):
        if not users.any():
            continue
        for name, places in (("ease", ease), ("counts", counts), ("attention", attention)):
            numbers[f"next-{slug}-{name}-ndcg"] = measured(
                _ndcg([each[users] for each in places]), SCORE, 0.02
            )
    return numbers


def date_for_all(bench: Bench) -> Found:
    """The ladder if nothing later than one date is learned from, and on the same users if it is."""
    ratings, n_users, n_movies = _ratings(bench)
    late = next_movie.cut_in_time(ratings, n_users, n_movies)
    leaking = replace(late, train=_left_out(bench).train)
    numbers = {
        "cut-users": measured([len(late.users)], ".0f", 0.5),
        "cut-newcomers": measured([_newcomers(late)], ".0f", 0.5),
        "cut-train-percent": measured([100 * len(late.train) / len(ratings)], ".0f", 0.5),
    }
    learned = {
        "cut": _each(lambda seed: _attention(bench, late, seed)),
        "leak": _each(lambda seed: _ranks_of(_trained(bench, seed), leaking)),
    }
    for slug, task in (("cut", late), ("leak", leaking)):
        places = {
            "popular": [next_movie.ranks(task, next_movie.most_rated(task))],
            "ease": [next_movie.ranks(task, next_movie.ease(task))],
            "counts": [next_movie.ranks(task, next_movie.counted(bench.code, task))],
            "attention": learned[slug],
        }
        numbers |= _quality(slug, places)
    return Found(numbers)


def _newcomers(task: Task) -> int:
    """How many tested users have no rating to learn from."""
    return int((~np.isin(task.users, task.train["user_idx"])).sum())


def _ratings(bench: Bench) -> tuple[pd.DataFrame, int, int]:
    dataset: Dataset = bench.dataset(0)
    return next_movie.in_order(bench.code, dataset), dataset.n_users, dataset.n_movies


def _left_out(bench: Bench) -> Task:
    return next_movie.leave_last_out(*_ratings(bench))


@lru_cache
def _trained(bench: Bench, seed: int) -> nn.Module:
    """A transformer that knows all ratings but each user's last."""
    return next_movie.attention(bench.code, _left_out(bench), NEXT, seed)


def _attention(bench: Bench, task: Task, seed: int) -> np.ndarray:
    return _ranks_of(next_movie.attention(bench.code, task, NEXT, seed), task)


def _ranks_of(model: nn.Module, task: Task) -> np.ndarray:
    return next_movie.ranks(task, next_movie.after(model, task))


def _each(run: Callable[[int], np.ndarray]) -> list[np.ndarray]:
    return [run(seed) for seed in DEEP_SEEDS]


def _quality(prefix: str, places: dict[str, list[np.ndarray]]) -> dict[str, Measured]:
    numbers: dict[str, Measured] = {}
    for name, runs in places.items():
        slug, ndcg = f"{prefix}-{name}-ndcg", _ndcg(runs)
        once = {slug: measured(ndcg, SCORE, 0.012)}
        numbers |= once if len(runs) == 1 else with_spread(slug, ndcg, 0.012, 0.01)
        hit_rates = [next_movie.hit_rate(each) for each in runs]
        numbers[f"{prefix}-{name}-hr"] = measured(hit_rates, SCORE, 0.02)
    return numbers


def _ndcg(runs: Iterable[np.ndarray]) -> np.ndarray:
    return np.array([next_movie.ndcg(places) for places in runs])
