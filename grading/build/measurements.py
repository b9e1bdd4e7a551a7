"""What the lessons claim, measured: each group of numbers is one function of a `Bench`.

Everything runs on the course's own split (`split_ratings`, a random fifth held out, seeds 0 to 4)
unless a group says otherwise. The number of epochs is chosen on a tenth of the training ratings;
the model is then trained again on all of them and scored once on what was held out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd
import torch
from sklearn import config_context
from sklearn.linear_model import Ridge
from torch import Tensor, nn

from data import MovieLens
from grading.build import rankers
from grading.tutorial import baselines
from grading.tutorial.code import Code
from grading.tutorial.demo import ENOUGH_RATINGS
from grading.tutorial.experiment import (
    DOT_PRODUCT,
    REGULARISED,
    WITH_BIASES,
    Dataset,
    Recipe,
    fit,
    movie_factors,
    new_model,
    predict,
    read,
    rmse,
)

SEEDS = range(5)
N_FACTORS = 32
# Without regularisation fewer factors do better: those recipes are as `course demo` has them.
REGULAR = replace(REGULARISED, n_factors=N_FACTORS)
SLUGS = {DOT_PRODUCT: "dot", WITH_BIASES: "biased", REGULAR: "regularised"}
LARGE_DOT = replace(DOT_PRODUCT, n_factors=N_FACTORS, lr=1e-2)
LARGE_BIASED = replace(WITH_BIASES, n_factors=N_FACTORS)
STARS, SCORE, AUC = ".4f", ".3f", ".3f"

Value = float | str
Curves = dict[str, list]


@dataclass(frozen=True)
class Measured:
    """One number: a value for each seed, how it is shown and by how much it may differ."""

    values: tuple[Value, ...]
    format: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a group measured: numbers by name, and curves to draw; aggregates only."""

    numbers: dict[str, Measured] = field(default_factory=dict)
    curves: Curves = field(default_factory=dict)


class Bench:
    """The code and the data to measure with; what several groups need is made once."""

    def __init__(self, code: Code, movielens: MovieLens) -> None:
        self.code = code
        self.movielens = movielens
        self.dataset: Callable[[int], Dataset] = lru_cache(lambda seed: read(code, movielens, seed))
        self.by_time: Callable[[], Dataset] = lru_cache(self._by_time)
        self.model: Callable[[Recipe, int], Trained] = lru_cache(
            lambda recipe, seed: trained(code, self.dataset(seed), recipe, seed)
        )
        self.bpr: Callable[[int], nn.Module] = lru_cache(
            lambda seed: rankers.bpr_model(code, self.dataset(seed), seed)
        )

    def _by_time(self) -> Dataset:
        dataset = self.dataset(0)
        train, valid = (
            self.code.dataset.encode_ratings(part, dataset.user_index, dataset.movie_index)
            for part in self.code.dataset.split_by_time(dataset.ratings)
        )
        return replace(dataset, train_encoded=train, valid_encoded=valid)


# Training


@dataclass(frozen=True)
class Trained:
    model: nn.Module
    epochs: int
    rmse: float  # on the held-out ratings


def trained(code: Code, dataset: Dataset, recipe: Recipe, seed: int) -> Trained:
    """A model whose number of epochs was chosen inside the training ratings."""
    inner, chosen_on = code.dataset.split_ratings(dataset.train_encoded, 0.1, seed)
    inner_dataset = replace(dataset, train_encoded=inner, valid_encoded=chosen_on)
    epochs = fit(code, inner_dataset, recipe, lambda done, total: None, seed).best_epoch
    *_, (model, _) = epoch_by_epoch(code, dataset, recipe, epochs, seed)
    valid = dataset.valid_encoded
    return Trained(model, epochs, rmse(predict(model, valid), valid))


def epoch_by_epoch(
    code: Code, dataset: Dataset, recipe: Recipe, epochs: int, seed: int, std: float = 0.1
) -> Iterator[tuple[nn.Module, float]]:
    """The model after each epoch, without early stopping, and the epoch's training loss.

    Args:
        std: of the factors at the start; the course's models draw them with 0.1.
    """
    torch.manual_seed(seed)
    model = new_model(code, dataset.n_users, dataset.n_movies, dataset.global_mean, recipe)
    with torch.no_grad():
        for embedding in (model.user_embedding, model.movie_embedding):
            embedding.weight.mul_(std / 0.1)  # type: ignore[operator, union-attr]
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)
    loader = code.training.make_loader(dataset.train_encoded, seed=seed)
    for _ in range(epochs):
        yield model, code.training.train_epoch(model, loader, optimizer, nn.MSELoss())


def curve(
    code: Code, dataset: Dataset, recipe: Recipe, epochs: int, seed: int, std: float = 0.1
) -> dict[str, list[float]]:
    """Training and validation RMSE per epoch, not clipped."""
    valid = code.training.make_loader(dataset.valid_encoded, shuffle=False)
    steps = [
        (train_loss, code.training.evaluate(model, valid, nn.MSELoss()))
        for model, train_loss in epoch_by_epoch(code, dataset, recipe, epochs, seed, std)
    ]
    train, held_out = np.sqrt(steps).T.tolist()
    return {"train": train, "valid": held_out}


# Groups


def counts(bench: Bench) -> Found:
    """What is in the files."""
    dataset = bench.dataset(0)
    ratings, movies = dataset.ratings, dataset.movies
    per_user, per_movie = (ratings[name].value_counts() for name in ("user_id", "movie_id"))
    spans = ratings.groupby("user_id")["timestamp"].agg(lambda times: times.max() - times.min())
    filled = rankers.table(_encoded(bench), dataset.n_users, dataset.n_movies)
    by_count = np.sort(filled.sum(0))
    user_means = ratings.groupby("user_id")["rating"].mean()
    shared_by_users, shared_by_movies = _shared(filled), _shared(filled.T)
    titles = movies["title"]
    lines = bench.movielens.movies_path.read_bytes().splitlines()
    u1_test = bench.code.dataset.load_ratings(bench.movielens.folder / "u1.test")
    western, cells = int(movies["Western"].sum()), dataset.n_users * dataset.n_movies
    known = _known(dataset)
    exact: dict[str, tuple[float, str]] = {
        "users": (dataset.n_users, ",.0f"),
        "movies": (dataset.n_movies, ",.0f"),
        "ratings": (len(ratings), ",.0f"),
        "cells": (cells, ",.0f"),
        "filled-percent": (100 * len(ratings) / cells, ".1f"),
        "empty-percent": (100 - 100 * len(ratings) / cells, ".1f"),
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
        "user-pairs-shared-median": (np.median(shared_by_users), ".0f"),
        "movie-pairs-apart-percent": (100 * (shared_by_movies == 0).mean(), ".0f"),
        "top-fifth-percent": (100 * _share_of_top(by_count, 0.2), ".1f"),
        "top-tenth-percent": (100 * _share_of_top(by_count, 0.1), ".1f"),
        "titles": (titles.nunique(), ",.0f"),
        "titles-twice": ((titles.value_counts() == 2).sum(), ".0f"),
        "not-utf8-lines": (sum(not _is_utf8(line) for line in lines), "Word"),
        "history-minutes-median": (spans.median() / 60, ".0f"),
        "westerns": (western, ".0f"),
        "never-western-percent": (100 - 100 * western / dataset.n_movies, ".1f"),
        "genres-tested": (len(_tested_genres(bench)), ".0f"),
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
        {name: _number([float(value)], shown, 1e-6) for name, (value, shown) in exact.items()},
        {
            "ratings-histogram": ratings["rating"].value_counts().sort_index().tolist(),
            "long-tail": [0.0, *shares[percent[1:] - 1].tolist()],
            "sparsity": _density_by_tenths(bench),
        },
    )


def _encoded(bench: Bench) -> pd.DataFrame:
    dataset = bench.dataset(0)
    return pd.concat([dataset.train_encoded, dataset.valid_encoded])


def _share_of_top(ascending: np.ndarray, share: float) -> float:
    return float(ascending[-round(share * len(ascending)) :].sum() / ascending.sum())


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
    filled = rankers.table(_encoded(bench), dataset.n_users, dataset.n_movies)
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
        at_random = [_baseline_rmse(name, dataset) for dataset in random_fifths]
        by_time = _baseline_rmse(name, bench.by_time())
        numbers[f"{name}-rmse-random"] = _number(at_random, STARS, 0.001)
        numbers[f"{name}-rmse-by-time"] = _number([by_time], STARS, 0.001)
        curves[name] = [at_random, [by_time]]
    at_random = [bench.model(REGULAR, seed).rmse for seed in SEEDS]
    by_time_each = [trained(bench.code, bench.by_time(), REGULAR, seed).rmse for seed in SEEDS]
    numbers["regularised-rmse-by-time"] = _number(by_time_each, STARS, 0.004)
    curves["regularised"] = [at_random, by_time_each]
    cold = [d.n_movies - d.train_encoded["movie_idx"].nunique() for d in random_fifths]
    numbers["movies-without-training"] = _number(cold, ".0f", 0.5)
    for kind in ("train", "valid"):
        stars = getattr(bench.by_time(), f"{kind}_encoded")["rating"]
        numbers[f"by-time-{kind}-mean"] = _number([stars.mean()], ".2f", 1e-6)
    return Found(numbers, {"split-scores": [curves]})


BASELINES: dict[str, Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]] = {
    "global-mean": baselines.global_mean,
    "user-mean": lambda train, valid: baselines.mean_by("user_idx", train, valid),
    "movie-mean": lambda train, valid: baselines.mean_by("movie_idx", train, valid),
    "biases": baselines.biases,
}


def _baseline_rmse(name: str, dataset: Dataset) -> float:
    valid = dataset.valid_encoded
    return rmse(BASELINES[name](dataset.train_encoded, valid), valid)


N_LIKE_MINDED = (1, 2, 5, 20, 50)


def like_minded(bench: Bench) -> Found:
    """The prediction of task 1.3 by the number of neighbours, clipped, on random fifths."""
    errors: dict[int, list[float]] = {k: [] for k in N_LIKE_MINDED}
    for seed in SEEDS:
        dataset = bench.dataset(seed)
        for k, predictions in like_minded_predictions(dataset).items():
            errors[k].append(rmse(predictions, dataset.valid_encoded))
    return Found(
        {f"like-minded-{k}-rmse": _number(values, STARS, 0.001) for k, values in errors.items()}
    )


def like_minded_predictions(dataset: Dataset) -> dict[int, np.ndarray]:
    """By k, the predictions of task 1.3 for what is held out; similarities are computed once."""
    train, valid = dataset.train_encoded, dataset.valid_encoded
    has_rated = rankers.rated(dataset)
    means = baselines.mean_by("user_idx", train, valid)
    centred = np.zeros(has_rated.shape)
    own_mean = train.groupby("user_idx")["rating"].transform("mean")
    centred[train["user_idx"], train["movie_idx"]] = train["rating"] - own_mean
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    directions = centred / np.where(lengths > 0, lengths, 1)
    similarity = directions @ directions.T
    above = {k: np.zeros(len(valid)) for k in N_LIKE_MINDED}
    for row, (user, movie) in enumerate(zip(valid["user_idx"], valid["movie_idx"], strict=True)):
        others = np.flatnonzero(has_rated[:, movie] & (similarity[user] > 0))
        others = others[others != user]
        nearest = others[np.argsort(-similarity[user, others], kind="stable")]
        for k in N_LIKE_MINDED if len(nearest) else ():
            weights = similarity[user, nearest[:k]]
            above[k][row] = weights @ centred[nearest[:k], movie] / weights.sum()
    return {k: means + values for k, values in above.items()}


SHOWN_EPOCHS = (1, 3, 5, 10, 20, 60)
SHORT, LONG = 10, 60  # epochs of the other seeds, and of the first


def initialisation(bench: Bench) -> Found:
    """The dot product started with std 0.1 and 1, lr 0.01, not clipped; it also overfits."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    for name, std in (("small", 0.1), ("loud", 1.0)):
        runs = [
            curve(bench.code, bench.dataset(seed), LARGE_DOT, SHORT if seed else LONG, seed, std)
            for seed in SEEDS
        ]
        for epoch in SHOWN_EPOCHS:
            for kind in ("train", "valid"):
                values = [run[kind][epoch - 1] for run in runs if len(run[kind]) >= epoch]
                # what has run long is less sure to come back on another machine
                tolerance = 0.02 if std == 0.1 else 0.1
                numbers[f"{name}-{kind}-{epoch}"] = _number(values, ".3f", tolerance)
        if name == "small":
            best = [int(np.argmin(run["valid"])) + 1 for run in runs]
            numbers["small-best-epoch"] = _number(best, ".0f", 1)
            numbers["small-best-valid"] = _number([min(run["valid"]) for run in runs], ".3f", 0.01)
        curves[f"initialisation-{name}"] = [runs[0]]
    return Found(numbers, curves)


CURED_EPOCHS = 40


def weight_decay(bench: Bench) -> Found:
    """The biased model with and without weight decay, without early stopping."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    dataset = bench.dataset(0)
    for name, recipe in (("undecayed", LARGE_BIASED), ("decayed", REGULAR)):
        run = curve(bench.code, dataset, recipe, CURED_EPOCHS, 0)
        valid = run["valid"]
        numbers[f"{name}-valid-best"] = _number([min(valid)], ".3f", 0.005)
        numbers[f"{name}-valid-last"] = _number([valid[-1]], ".3f", 0.01)
        numbers[f"{name}-train-last"] = _number([run["train"][-1]], ".3f", 0.01)
        numbers[f"{name}-valid-best-at"] = _number([float(np.argmin(valid)) + 1], ".0f", 2)
        curves[f"weight-decay-{name}"] = [run]
    for steps in (1, 10, 20):
        numbers[f"pulled-{steps}"] = _number([_pulled(steps)], ".3f", 1e-3)
    return Found(numbers, curves)


def _pulled(steps: int) -> float:
    """Where a number of 0.1 is after some steps of Adam that feel nothing but weight decay."""
    number = nn.Parameter(torch.tensor(0.1))
    optimizer = torch.optim.Adam([number], lr=REGULAR.lr, weight_decay=REGULAR.weight_decay)
    for _ in range(steps):
        number.grad = torch.zeros(())
        optimizer.step()
    return number.item()


def ladder(bench: Bench) -> Found:
    """RMSE in stars beside the quality of the lists, on the same splits."""
    code = bench.code
    recipes = tuple(SLUGS)
    numbers = {}
    for recipe in recipes:
        runs = [bench.model(recipe, seed) for seed in SEEDS]
        name = SLUGS[recipe]
        numbers[f"{name}-rmse"] = _number([run.rmse for run in runs], STARS, 0.004)
        numbers[f"{name}-epochs"] = _number([run.epochs for run in runs], ".0f", 2)
        if recipe is REGULAR:
            numbers[f"{name}-rmse-short"] = _number([run.rmse for run in runs], ".2f", 0.004)
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
    curves = {}
    for name, qualities in found.items():
        columns = pd.DataFrame([asdict(quality) for quality in qualities])
        for metric in rankers.METRICS:
            numbers[f"{name}-{metric}"] = _number(columns[metric], SCORE, 0.01)
        for metric in ("coverage", "to_top_tenth"):
            shown = f"{name}-{metric.replace('_', '-')}-percent"
            numbers[shown] = _number(100 * columns[metric], ".0f", 3)
        curves[name] = columns["ndcg"].tolist()
    ndcg = {name: np.array(values) for name, values in curves.items()}
    stars = ndcg["regularised"]
    numbers["bpr-beyond-regularised-ndcg"] = _number(ndcg["bpr"] - stars, SCORE, 0.015)
    numbers["popular-beyond-regularised-ndcg"] = _number(ndcg["popular"] - stars, SCORE, 0.015)
    numbers["bpr-times-regularised-ndcg"] = _number(ndcg["bpr"] / stars, ".1f", 0.25)
    numbers["popular-times-regularised-ndcg"] = _number(ndcg["popular"] / stars, ".1f", 0.25)
    stars_of = {
        "biases": [_baseline_rmse("biases", bench.dataset(seed)) for seed in SEEDS],
        **{SLUGS[recipe]: [bench.model(recipe, seed).rmse for seed in SEEDS] for recipe in recipes},
    }
    for name, other in (("dot", "biases"), ("biased", "dot"), ("regularised", "biases")):
        gains = np.subtract(stars_of[other], stars_of[name])  # split by split
        numbers[f"{name}-better-than-{other}-rmse"] = _number(gains, STARS, 0.004)
    asked = [len(rankers.relevant(bench.dataset(seed))) for seed in SEEDS]
    numbers["users-ranked"] = _number(asked, ".0f", 0.5)
    return Found(numbers, {"ladder-ndcg": [curves]})


def _bias_scores(dataset: Dataset) -> np.ndarray:
    """The biases' predictions for all users and movies."""
    pairs = np.indices((dataset.n_users, dataset.n_movies)).reshape(2, -1)
    everything = pd.DataFrame({"user_idx": pairs[0], "movie_idx": pairs[1]})
    scores = baselines.biases(dataset.train_encoded, everything)
    return scores.reshape(dataset.n_users, dataset.n_movies)


N_GROUPS = 5
RATED_BY_NEWCOMER = (0, 1, 2, 3, 5, 10, 20)
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
    curves = {}
    for kind in NEWCOMERS:
        for n_rated in RATED_BY_NEWCOMER:
            values = [group[kind, n_rated] for group in errors]
            numbers[f"newcomer-{kind}-{n_rated}"] = _number(values, ".3f", 0.006)
        curves[kind] = [[group[kind, n] for n in RATED_BY_NEWCOMER] for group in errors]
    gains = [group["both", 0] - group["both", last] for group in errors]
    numbers["newcomer-both-gain"] = _number(gains, ".3f", 0.006)
    beyond = [group["bias", last] - group["both", last] for group in errors]
    numbers["newcomer-taste-beyond-bias"] = _number(beyond, ".3f", 0.006)
    numbers["newcomer-taste-beyond-bias-spread"] = _number(
        [float(np.std(beyond, ddof=1))], ".3f", 0.006
    )
    return Found(numbers, {"fold-in": [curves]})


def _newcomer_errors(bench: Bench, group: int) -> dict[tuple[str, int], float]:
    """RMSE over all newcomers of a group, by kind and number of rated movies.

    A bias is folded in as the weight of a column of ones, beside the factors or alone.
    """
    everything = _encoded(bench)
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


HYBRID_LR, HYBRID_WEIGHT_DECAY = 5e-3, 1e-3
HYBRID_EPOCHS = 12  # at most
GENRE_SHRINKAGE = 20.0


def cold_movies(bench: Bench) -> Found:
    """Movies without ratings: a fifth of them is left out of training, then predicted by genre."""
    found = pd.DataFrame([_cold_errors(bench, group) for group in range(N_GROUPS)])
    numbers = {f"cold-{name}-rmse": _number(found[name], ".3f", 0.006) for name in found}
    for name, other in (("hybrid", "user"), ("hybrid", "genres")):
        gains = found[other] - found[name]
        numbers[f"cold-{name}-beyond-{other}"] = _number(gains, ".3f", 0.006)
        spread = float(np.std(gains, ddof=1))
        numbers[f"cold-{name}-beyond-{other}-spread"] = _number([spread], ".3f", 0.006)
    return Found(numbers)


def _cold_errors(bench: Bench, group: int) -> dict[str, float]:
    """RMSE on the ratings of movies that no training rating is about.

    "user" is each user's mean, "genres" adds what each genre gets above it from everybody, and
    "hybrid" a hybrid model of the same differences. Its number of epochs is chosen on movies that
    were left out of training in the same way.
    """
    everything = _encoded(bench)
    movie_idx = everything["movie_idx"]
    is_cold = movie_idx % N_GROUPS == group
    train, cold = everything[~is_cold], everything[is_cold]
    chosen_on = train["movie_idx"] // N_GROUPS % 10 == 0
    best = int(np.argmin(_hybrid_errors(bench, train[~chosen_on], train[chosen_on], group)))
    mean = baselines.mean_by("user_idx", train, cold)
    by_genre = Ridge(GENRE_SHRINKAGE).fit(_genres_of(bench, train), _above_mean(train))
    return {
        "user": rmse(mean, cold),
        "genres": rmse(mean + by_genre.predict(_genres_of(bench, cold)), cold),
        "hybrid": _hybrid_errors(bench, train, cold, group)[best],
    }


def _hybrid_errors(bench: Bench, train: pd.DataFrame, cold: pd.DataFrame, seed: int) -> list[float]:
    """RMSE of a hybrid model on cold movies after each epoch."""
    dataset, training = bench.dataset(0), bench.code.training
    genres = torch.tensor(dataset.movies[bench.code.dataset.GENRES].to_numpy())
    torch.manual_seed(seed)
    model = bench.code.explore.HybridMatrixFactorization(dataset.n_users, genres, N_FACTORS)
    optimizer = torch.optim.Adam(model.parameters(), lr=HYBRID_LR, weight_decay=HYBRID_WEIGHT_DECAY)
    loader = training.make_loader(train.assign(rating=_above_mean(train)), seed=seed)
    mean = baselines.mean_by("user_idx", train, cold)
    errors = []
    for _ in range(HYBRID_EPOCHS):
        training.train_epoch(model, loader, optimizer, nn.MSELoss())
        errors.append(rmse(mean + predict(model, cold), cold))
    return errors


def _above_mean(train: pd.DataFrame) -> np.ndarray:
    return train["rating"].to_numpy() - baselines.mean_by("user_idx", train, train)


def _genres_of(bench: Bench, encoded: pd.DataFrame) -> np.ndarray:
    """Flags of each rating's movie: float `[rows, n_genres]`."""
    flags = bench.dataset(0).movies[bench.code.dataset.GENRES].to_numpy(float)
    return flags[encoded["movie_idx"]]


FAVOURITES = {"star-wars": "Star Wars (1977)", "toy-story": "Toy Story (1995)"}
N_NEIGHBOURS = 5
WEAK = replace(REGULAR, weight_decay=2e-5)


def neighbours(bench: Bench) -> Found:
    """Who is near whom, how sure that is, and how long the factors of how many ratings are."""
    dataset = bench.dataset(0)
    known = _known(dataset)
    titles = dataset.movies["title"].iloc[known].reset_index(drop=True)
    strong = [_of_known(bench, bench.model(REGULAR, seed).model) for seed in SEEDS]
    numbers: dict[str, Measured] = {}
    # Side by side, normalised, the five models' factors have the mean of the five cosines.
    factors = torch.cat([nn.functional.normalize(each, dim=1) for each in strong], dim=1)
    for slug, title in FAVOURITES.items():
        if not (titles == title).any():
            continue
        row = int(titles.index[titles == title][0])
        found = bench.code.explore.similar_movies(factors, row, k=N_NEIGHBOURS)
        cosines = nn.functional.cosine_similarity(factors[row], factors[found])
        for place, (other, cosine) in enumerate(zip(found, cosines.tolist(), strict=True), 1):
            numbers[f"near-{slug}-{place}"] = Measured((_readable(titles[other]),))
            numbers[f"near-{slug}-{place}-cosine"] = _number([cosine], ".2f", 0.03)
    numbers |= _agreement(bench) | _norms(bench)
    return Found(numbers, _norm_curves(bench) | _map(bench, strong[0], known))


WEAK_EPOCHS = 20


def _agreement(bench: Bench) -> dict[str, Measured]:
    """Of runs that differ in their seed alone: which share of the neighbours two of them share."""
    code, dataset = bench.code, bench.dataset(0)
    epochs = bench.model(REGULAR, 0).epochs
    numbers = {}
    for name, recipe, n_epochs in (("near", REGULAR, epochs), ("weak", WEAK, WEAK_EPOCHS)):
        models = []
        for seed in SEEDS:
            *_, (model, _) = epoch_by_epoch(code, dataset, recipe, n_epochs, seed)
            models.append(model)
        nearest = [_nearest(code, _of_known(bench, model)) for model in models]
        shared = [
            100
            * float(np.mean([len(a & b) / N_NEIGHBOURS for a, b in zip(one, other, strict=True)]))
            for one, other in combinations(nearest, 2)
        ]
        numbers[f"{name}-shared-percent"] = _number(shared, ".0f", 3)
        if recipe is REGULAR:
            predicted = [predict(model, dataset.valid_encoded) for model in models]
            apart = [
                float(np.sqrt(np.mean((one - other) ** 2)))
                for one, other in combinations(predicted, 2)
            ]
            numbers["runs-apart-in-stars"] = _number(apart, ".2f", 0.02)
    return numbers


def _nearest(code: Code, factors: Tensor) -> list[set[int]]:
    rows = range(len(factors))
    return [set(code.explore.similar_movies(factors, row, k=N_NEIGHBOURS)) for row in rows]


def _readable(title: str) -> str:
    """A title as people say it: without the year, the article in front."""
    name = title.rsplit(" (", 1)[0]
    if name.endswith((", The", ", A", ", An")):
        name, _, article = name.rpartition(", ")
        return f"{article} {name}"
    return name


def _lengths(bench: Bench, recipe: Recipe, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Number of training ratings and length of the factors, for movies with any."""
    dataset = bench.dataset(seed)
    n_ratings = rankers.rated(dataset).sum(axis=0)
    lengths = movie_factors(bench.model(recipe, seed).model).norm(dim=1).numpy()
    return n_ratings[n_ratings > 0], lengths[n_ratings > 0]


def _norms(bench: Bench) -> dict[str, Measured]:
    values = []
    for seed in SEEDS:
        n_ratings, lengths = _lengths(bench, REGULAR, seed)
        values.append(float(np.corrcoef(np.log(n_ratings), lengths)[0, 1]))
    return {"norm-count-correlation": _number(values, ".2f", 0.03)}


def _norm_curves(bench: Bench) -> Curves:
    """Quartiles of the length, by number of ratings in powers of two."""
    n_ratings, lengths = _lengths(bench, REGULAR, 0)
    bins = np.floor(np.log2(n_ratings)).astype(int)
    rows = [
        [2**power, int((bins == power).sum()), *np.quantile(lengths[bins == power], QUARTILES)]
        for power in sorted(set(bins.tolist()))
    ]
    return {"norm-count": [[float(value) for value in row] for row in rows]}


QUARTILES = (0.25, 0.5, 0.75)
N_MAPPED = 150


def _map(bench: Bench, factors: Tensor, known: np.ndarray) -> Curves:
    """The most-rated known movies on the two main axes of their factors."""
    dataset = bench.dataset(0)
    count = rankers.table(_encoded(bench), dataset.n_users, dataset.n_movies).sum(axis=0)[known]
    most = np.argsort(-count, kind="stable")[:N_MAPPED]
    chosen = factors[most] - factors[most].mean(dim=0)
    _, sizes, axes = torch.linalg.svd(chosen.double(), full_matrices=False)
    places = (chosen.double() @ axes[:2].T).tolist()
    movies = dataset.movies.iloc[known[most]]
    groups = [next((g for g in MAPPED if movie[g]), "other") for _, movie in movies.iterrows()]
    named = _apart(places)
    return {
        "movie-map": [
            [x, y, group, _readable(title) if place in named else ""]
            for place, ((x, y), group, title) in enumerate(
                zip(places, groups, movies["title"], strict=True)
            )
        ],
        "movie-map-shares": (sizes**2 / (sizes**2).sum())[:2].tolist(),
    }


MAPPED = ("Children's", "Sci-Fi", "Horror", "Romance")  # a movie goes by the first that it has
N_NAMED = 16


def _apart(places: list[list[float]]) -> set[int]:
    """Which points can be named without writing over each other, most-rated first."""
    wide, tall = np.ptp(places, axis=0)
    chosen: list[int] = []
    for place, (x, y) in enumerate(places):
        if all(
            abs(x - places[other][0]) > 0.36 * wide or abs(y - places[other][1]) > 0.05 * tall
            for other in chosen
        ):
            chosen.append(place)
    return set(chosen[:N_NAMED])


N_SHUFFLES = 100
N_GENRE_MOVIES = 30  # among the known ones, for a genre to be tested
LOUD_EPOCHS = 20


def genres(bench: Bench) -> Found:
    """How well factors tell genres, beside chance and beside popularity."""
    flags, auc = _genre_flags(bench), bench.code.explore.genre_auc
    known = _known(bench.dataset(0))
    train = _encoded(bench).groupby("movie_idx")["rating"].agg(["size", "mean"]).loc[known]
    log_count = torch.tensor(np.log(train["size"].to_numpy()), dtype=torch.float32)
    mean = torch.tensor(train["mean"].to_numpy(), dtype=torch.float32)
    rng = np.random.default_rng(0)
    model_0 = _of_known(bench, bench.model(REGULAR, 0).model)
    tables = {
        "regularised": [_of_known(bench, bench.model(REGULAR, seed).model) for seed in SEEDS],
        "bpr": [_of_known(bench, bench.bpr(seed)) for seed in SEEDS],
        "loud": [_of_known(bench, _loud(bench, seed)) for seed in SEEDS],
        "popularity": [log_count[:, None]],
        "popularity-and-mean": [torch.stack([log_count, mean], dim=1)],
        "random": [
            torch.tensor(rng.normal(size=model_0.shape), dtype=torch.float32) for _ in SEEDS
        ],
        "shuffled": [model_0[rng.permutation(len(model_0))] for _ in range(N_SHUFFLES)],
    }
    with config_context(assume_finite=True, skip_parameter_validation=True):  # half the time
        scores = {
            name: np.array([[auc(factors, has) for has in flags.values()] for factors in found])
            for name, found in tables.items()
        }  # each [tables, genres]
    numbers = {
        f"auc-{name}": _number(values.mean(axis=1), AUC, 0.02) for name, values in scores.items()
    }
    by_genre = scores["regularised"].T
    for genre, values in zip(flags, by_genre, strict=True):
        numbers[f"auc-regularised-{_slug(genre)}"] = _number(values, ".2f", 0.03)
    null = scores["shuffled"]
    numbers["shuffles"] = _number([N_SHUFFLES], ".0f", 0)
    numbers["auc-shuffled-highest"] = _number([null.mean(axis=1).max()], AUC, 0.02)
    numbers["auc-one-shuffle-lowest"] = _number([null.min()], ".2f", 0.05)
    numbers["auc-one-shuffle-highest"] = _number([null.max()], ".2f", 0.05)
    means = by_genre.mean(axis=1)
    above = (means > np.quantile(null, 0.975, axis=0)).sum()
    numbers["auc-genres-above-null"] = _number([above], ".0f", 1)
    numbers["auc-genres-above-popularity"] = _number(
        [(means > scores["popularity"][0]).sum()], ".0f", 1
    )
    for name, place in (("least", means.argmin()), ("most", means.argmax())):
        numbers[f"auc-regularised-{name}"] = _number(by_genre[place], ".2f", 0.03)
        numbers[f"genre-told-{name}"] = Measured((list(flags)[place],))
    rows = [
        [
            genre,
            *(float(scores[name][:, g].mean()) for name in ("regularised", "popularity", "bpr")),
            float(scores["regularised"][:, g].std(ddof=1)),
            *np.quantile(null[:, g], (0.025, 0.5, 0.975)).tolist(),
        ]
        for g, genre in enumerate(flags)
    ]
    return Found(numbers, {"genre-auc": rows})


def _loud(bench: Bench, seed: int) -> nn.Module:
    """The dot product, started with std 1."""
    epochs = epoch_by_epoch(bench.code, bench.dataset(seed), LARGE_DOT, LOUD_EPOCHS, seed, std=1.0)
    *_, (model, _) = epochs
    return model


def _slug(genre: str) -> str:
    return genre.lower().replace("'", "")


def _known(dataset: Dataset) -> np.ndarray:
    """Rows of the movies with enough ratings, in all ratings, for their factors to say much."""
    per_movie = dataset.movies["movie_id"].map(dataset.ratings["movie_id"].value_counts())
    return np.flatnonzero(per_movie.fillna(0) >= ENOUGH_RATINGS)


def _of_known(bench: Bench, model: nn.Module) -> Tensor:
    return movie_factors(model)[torch.tensor(_known(bench.dataset(0)))]


def _genre_flags(bench: Bench) -> dict[str, np.ndarray]:
    """Genre → which of the known movies have it, for genres that enough of them have."""
    movies = bench.dataset(0).movies.iloc[_known(bench.dataset(0))]
    return {genre: movies[genre].to_numpy() for genre in _tested_genres(bench)}


def _tested_genres(bench: Bench) -> list[str]:
    movies = bench.dataset(0).movies.iloc[_known(bench.dataset(0))]
    return [genre for genre in bench.code.dataset.GENRES if movies[genre].sum() >= N_GENRE_MOVIES]


def _number(values: Iterable[float], shown: str, tolerance: float) -> Measured:
    return Measured(tuple(float(value) for value in values), shown, tolerance)


Group = Callable[[Bench], Found]

GROUPS: Mapping[str, Group] = {
    group.__name__: group
    for group in (
        counts,
        splits,
        like_minded,
        initialisation,
        weight_decay,
        ladder,
        fold_in,
        cold_movies,
        neighbours,
        genres,
    )
}
