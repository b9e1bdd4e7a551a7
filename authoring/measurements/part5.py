"""Lesson 5: from stars to lists, and newcomers."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import torch

from authoring.measurements.bench import (
    N_GROUPS,
    REGULAR,
    SCORE,
    SEEDS,
    STARS,
    Bench,
    Found,
    Measured,
    all_encoded,
    baseline_rmse,
    measured,
    trained,
    with_spread,
)
from tutorial import baselines, rankers
from tutorial.experiment import DOT_PRODUCT, WITH_BIASES, Dataset, movie_factors
from tutorial.titles import without_year

SLUGS = {DOT_PRODUCT: "dot", WITH_BIASES: "biased", REGULAR: "regularised"}


def ladder(bench: Bench) -> Found:
    """RMSE in stars beside the quality of the lists, on the same splits."""
    code = bench.code
    recipes = tuple(SLUGS)
    numbers = {}
    for recipe in recipes:
        runs = [bench.model(recipe, seed) for seed in SEEDS]
        name = SLUGS[recipe]
        numbers[f"{name}-rmse"] = measured([run.rmse for run in runs], STARS, 0.004)
        numbers[f"{name}-epochs"] = measured([run.epochs for run in runs], ".0f", 2)
        if recipe is REGULAR:
            numbers[f"{name}-rmse-short"] = measured([run.rmse for run in runs], ".2f", 0.004)
    found: dict[str, list[rankers.Quality]] = {}
    for seed in SEEDS:
        dataset = bench.dataset(seed)
        scores = {
            "popular": rankers.most_rated(dataset),
            "best-mean": rankers.best_mean(dataset),
            "biases": _bias_scores(dataset),
            **{
                SLUGS[recipe]: rankers.predicted(code, dataset, bench.model(recipe, seed).model)
                for recipe in recipes
            },
            "neighbours": rankers.item_neighbours(dataset),
            "bpr": rankers.predicted(code, dataset, bench.bpr(seed)),
            "ease": rankers.ease(dataset),
        }
        for name, values in scores.items():
            found.setdefault(name, []).append(rankers.quality(code, dataset, values))
    ndcg = {}
    for name, qualities in found.items():
        columns = pd.DataFrame([asdict(quality) for quality in qualities])
        for metric in rankers.METRICS:
            numbers[f"{name}-{metric}"] = measured(columns[metric], SCORE, 0.01)
        for metric in ("coverage", "to_top_tenth"):
            shown = f"{name}-{metric.replace('_', '-')}-percent"
            numbers[shown] = measured(100 * columns[metric], ".0f", 3)
        ndcg[name] = columns["ndcg"]
    for name in ("bpr", "popular"):
        ratios = ndcg[name] / ndcg["regularised"]
        numbers[f"{name}-times-regularised-ndcg"] = measured(ratios, ".1f", 0.25)
    stars_of = {
        "biases": [baseline_rmse("biases", bench.dataset(seed)) for seed in SEEDS],
        **{SLUGS[recipe]: [bench.model(recipe, seed).rmse for seed in SEEDS] for recipe in recipes},
    }
    for name in ("dot", "regularised"):
        gains = np.subtract(stars_of["biases"], stars_of[name])  # split by split
        numbers[f"{name}-better-than-biases-rmse"] = measured(gains, STARS, 0.004)
    asked = [len(rankers.relevant(bench.dataset(seed))) for seed in SEEDS]
    numbers["users-ranked"] = measured(asked, ".0f", 0.5)
    return Found(numbers)


def _bias_scores(dataset: Dataset) -> np.ndarray:
    """The biases' predictions for all users and movies."""
    pairs = np.indices((dataset.n_users, dataset.n_movies)).reshape(2, -1)
    everything = pd.DataFrame({"user_idx": pairs[0], "movie_idx": pairs[1]})
    scores = baselines.biases(dataset.train_encoded, everything)
    return scores.reshape(dataset.n_users, dataset.n_movies)


ONE_USER, N_TITLES = 196, 5


def one_users_lists(bench: Bench) -> Found:
    """The first titles that three methods put on the list of one user.

    "praised" is how many of those by stars are among the ten with the highest mean rating.
    """
    dataset = bench.dataset(0)
    stars = rankers.predicted(bench.code, dataset, bench.model(REGULAR, 0).model)
    methods = {
        "popular": rankers.most_rated(dataset),
        "regularised": stars,
        "ease": rankers.ease(dataset),
    }
    user, titles = dataset.user_index[ONE_USER], dataset.movies["title"]

    def rows(scores: np.ndarray) -> np.ndarray:
        return rankers.lists(scores, rankers.rated(dataset))[user]

    numbers = {
        f"list-{name}-{place}": Measured((without_year(titles[row]),))
        for name, scores in methods.items()
        for place, row in enumerate(rows(scores)[:N_TITLES], start=1)
    }
    praised = np.isin(rows(stars)[:N_TITLES], rows(rankers.best_mean(dataset))).sum()
    numbers["list-regularised-praised"] = measured([praised], "word", 0)
    return Found(numbers)


RATED_BY_NEWCOMER = (0, 1, 3, 10, 20)
ENOUGH_OF_A_NEWCOMER = 40  # ratings: 20 to fold in, and as many again or more to predict
NEWCOMERS = {  # what is folded in, and with which λ
    "taste": (True, False, 3.0),
    "bias": (False, True, 3.0),
    "both": (True, True, 3.0),
    "both-loose": (True, True, 1.0),
}


def fold_in(bench: Bench) -> Found:
    """Newcomers: a fifth of the users is left out of training, then folded in rating by rating."""
    errors = [_newcomer_errors(bench, group) for group in range(N_GROUPS)]
    last = RATED_BY_NEWCOMER[-1]
    numbers = {}
    for kind in NEWCOMERS:
        for n_rated in RATED_BY_NEWCOMER:
            values = [group[kind, n_rated] for group in errors]
            numbers[f"newcomer-{kind}-{n_rated}"] = measured(values, ".3f", 0.006)
    gains = [group["both", 0] - group["both", last] for group in errors]
    numbers["newcomer-both-gain"] = measured(gains, ".3f", 0.006)
    beyond = [group["bias", last] - group["both", last] for group in errors]
    return Found(numbers | with_spread("newcomer-taste-beyond-bias", beyond, 0.006, 0.006))


def _newcomer_errors(bench: Bench, group: int) -> dict[tuple[str, int], float]:
    """RMSE over all newcomers of a group, by kind and number of rated movies.

    A bias is folded in as the weight of a column of ones, beside the factors or alone.
    """
    everything = all_encoded(bench)
    is_new = everything["user_idx"] % N_GROUPS == group
    dataset = replace(bench.dataset(0), train_encoded=everything[~is_new])
    model = trained(bench.code, dataset, REGULAR, group).model
    factors = movie_factors(model)
    bias = model.movie_bias.weight.detach().squeeze(-1) + dataset.global_mean  # type: ignore[union-attr, operator]
    rng = np.random.default_rng(group)
    squared: dict[tuple[str, int], list[np.ndarray]] = {}
    for _, rows in everything[is_new].groupby("user_idx"):
        if len(rows) < ENOUGH_OF_A_NEWCOMER:
            continue
        shuffled = rows.iloc[rng.permutation(len(rows))]
        movie_idx, rating = (
            torch.tensor(shuffled[name].to_numpy()) for name in ("movie_idx", "rating")
        )
        residuals, ones = rating - bias[movie_idx], torch.ones(len(rows), 1)
        for kind, (has_taste, has_bias, regularization) in NEWCOMERS.items():
            known = torch.cat([factors[movie_idx]] * has_taste + [ones] * has_bias, dim=1)
            for n_rated in RATED_BY_NEWCOMER:
                folded = bench.code.recommend.fold_in(
                    known[:n_rated], residuals[:n_rated], regularization
                )
                late = slice(RATED_BY_NEWCOMER[-1], None)
                predictions = (bias[movie_idx[late]] + known[late] @ folded).clamp(1, 5)
                error = (predictions - rating[late]).numpy() ** 2
                squared.setdefault((kind, n_rated), []).append(error)
    return {key: float(np.sqrt(np.concatenate(errors).mean())) for key, errors in squared.items()}
