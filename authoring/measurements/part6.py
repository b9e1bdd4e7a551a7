"""Lesson 6: movies without ratings, neighbours and genres."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import torch
from sklearn import config_context
from sklearn.linear_model import Ridge
from torch import Tensor, nn

from authoring.measurements.bench import (
    AUC,
    N_FACTORS,
    N_GROUPS,
    REGULAR,
    SCORE,
    SEEDS,
    STARS,
    Bench,
    Curves,
    Found,
    Measured,
    all_encoded,
    epoch_by_epoch,
    known_movies,
    measured,
    tested_genres,
    with_spread,
)
from tutorial import baselines, bayesian, rankers
from tutorial.code import Code
from tutorial.experiment import movie_factors, predict, rmse
from tutorial.titles import without_year

HYBRID_LR, HYBRID_WEIGHT_DECAY = 5e-3, 1e-3
HYBRID_EPOCHS = 12  # at most
GENRE_SHRINKAGE = 20.0


def cold_movies(bench: Bench) -> Found:
    """Movies without ratings: a fifth of them is left out of training, then predicted by genre."""
    found = pd.DataFrame([_cold_errors(bench, group) for group in range(N_GROUPS)])
    numbers = {f"cold-{name}-rmse": measured(found[name], ".3f", 0.006) for name in found}
    for other in ("user", "genres"):
        gains = found[other] - found["hybrid"]
        numbers |= with_spread(f"cold-hybrid-beyond-{other}", gains, 0.006, 0.006)
    return Found(numbers)


def _cold_errors(bench: Bench, group: int) -> dict[str, float]:
    """RMSE on the ratings of movies that no training rating is about.

    "user" is each user's mean, "genres" adds what each genre gets above it from everybody, and
    "hybrid" a hybrid model of the same differences. Its number of epochs is chosen on movies that
    were left out of training in the same way.
    """
    everything = all_encoded(bench)
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
    """Which biases are extreme, who is near whom, how sure that is, and how long factors are."""
    dataset = bench.dataset(0)
    known = known_movies(dataset)
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
            numbers[f"near-{slug}-{place}"] = Measured((without_year(titles[other]),))
            numbers[f"near-{slug}-{place}-cosine"] = measured([cosine], ".2f", 0.03)
    numbers |= _biases(bench, known, titles) | _agreement(bench)
    return Found(numbers, _norm_curves(bench) | _map(bench, strong[0], known))


N_EXTREMES = 3


def _biases(bench: Bench, known: np.ndarray, titles: pd.Series) -> dict[str, Measured]:
    """Of known movies: those with the highest and the lowest bias, in the mean of all seeds."""
    models = [bench.model(REGULAR, seed).model for seed in SEEDS]
    tables = [model.get_parameter("movie_bias.weight").detach() for model in models]
    biases = torch.stack(tables).mean(dim=0)[torch.tensor(known), 0]
    return {
        f"bias-{name}-{place}": Measured((without_year(titles[row]),))
        for name, sign in (("highest", 1), ("lowest", -1))
        for place, row in enumerate((sign * biases).topk(N_EXTREMES).indices.tolist(), 1)
    }


def _agreement(bench: Bench) -> dict[str, Measured]:
    """Of runs that differ in their seed alone: which share of the neighbours two of them share."""
    code, dataset = bench.code, bench.dataset(0)
    epochs = bench.model(REGULAR, 0).epochs
    numbers = {}
    for name, recipe in (("near", REGULAR), ("weak", WEAK)):
        models = []
        for seed in SEEDS:
            *_, (model, _) = epoch_by_epoch(code, dataset, recipe, [epochs], seed)
            models.append(model)
        nearest = [_nearest(code, _of_known(bench, model)) for model in models]
        shared = [
            100
            * float(np.mean([len(a & b) / N_NEIGHBOURS for a, b in zip(one, other, strict=True)]))
            for one, other in combinations(nearest, 2)
        ]
        numbers[f"{name}-shared-percent"] = measured(shared, ".0f", 3)
        if recipe is REGULAR:
            predicted = [predict(model, dataset.valid_encoded) for model in models]
            apart = [
                float(np.sqrt(np.mean((one - other) ** 2)))
                for one, other in combinations(predicted, 2)
            ]
            numbers["runs-apart-in-stars"] = measured(apart, ".2f", 0.02)
    return numbers


def _nearest(code: Code, factors: Tensor) -> list[set[int]]:
    rows = range(len(factors))
    return [set(code.explore.similar_movies(factors, row, k=N_NEIGHBOURS)) for row in rows]


def _norm_curves(bench: Bench) -> Curves:
    """Quartiles of the length of the factors, by number of training ratings in powers of two."""
    n_ratings = rankers.rated(bench.dataset(0)).sum(axis=0)
    lengths = movie_factors(bench.model(REGULAR, 0).model).norm(dim=1).numpy()[n_ratings > 0]
    bins = np.floor(np.log2(n_ratings[n_ratings > 0])).astype(int)
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
    count = rankers.table(all_encoded(bench), dataset.n_users, dataset.n_movies).sum(axis=0)[known]
    most = np.argsort(-count, kind="stable")[:N_MAPPED]
    chosen = factors[most] - factors[most].mean(dim=0)
    _, sizes, axes = torch.linalg.svd(chosen.double(), full_matrices=False)
    places = (chosen.double() @ axes[:2].T).tolist()
    movies = dataset.movies.iloc[known[most]]
    groups = [next((g for g in MAPPED if movie[g]), "other") for _, movie in movies.iterrows()]
    named = _apart(places)
    return {
        "movie-map": [
            [x, y, group, without_year(title) if place in named else ""]
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


def genres(bench: Bench) -> Found:
    """How well factors tell genres, beside chance and beside popularity with the mean rating."""
    flags, auc = _genre_flags(bench), bench.code.explore.genre_auc
    known = known_movies(bench.dataset(0))
    train = all_encoded(bench).groupby("movie_idx")["rating"].agg(["size", "mean"]).loc[known]
    log_count = torch.tensor(np.log(train["size"].to_numpy()), dtype=torch.float32)
    mean = torch.tensor(train["mean"].to_numpy(), dtype=torch.float32)
    rng = np.random.default_rng(0)
    model_0 = _of_known(bench, bench.model(REGULAR, 0).model)
    tables = {
        "regularised": [_of_known(bench, bench.model(REGULAR, seed).model) for seed in SEEDS],
        "bpr": [_of_known(bench, bench.bpr(seed)) for seed in SEEDS],
        "popularity-and-mean": [torch.stack([log_count, mean], dim=1)],
        "shuffled": [model_0[rng.permutation(len(model_0))] for _ in range(N_SHUFFLES)],
    }
    with config_context(assume_finite=True, skip_parameter_validation=True):  # half the time
        scores = {
            name: np.array([[auc(factors, has) for has in flags.values()] for factors in found])
            for name, found in tables.items()
        }  # each [tables, genres]
    numbers = {
        f"auc-{name}": measured(values.mean(axis=1), AUC, 0.02) for name, values in scores.items()
    }
    by_genre = scores["regularised"].T
    null = scores["shuffled"]
    numbers["shuffles"] = measured([N_SHUFFLES], ".0f", 0)
    numbers["auc-shuffled-highest"] = measured([null.mean(axis=1).max()], AUC, 0.02)
    numbers["auc-one-shuffle-lowest"] = measured([null.min()], ".2f", 0.05)
    numbers["auc-one-shuffle-highest"] = measured([null.max()], ".2f", 0.05)
    means = by_genre.mean(axis=1)
    above = (means > np.quantile(null, 0.975, axis=0)).sum()
    numbers["auc-genres-above-null"] = measured([above], ".0f", 1)
    popularity = scores["popularity-and-mean"][0]
    numbers["auc-genres-above-popularity"] = measured([(means > popularity).sum()], ".0f", 1)
    for name, place in (("least", means.argmin()), ("most", means.argmax())):
        numbers[f"auc-regularised-{name}"] = measured(by_genre[place], ".2f", 0.03)
    spreads, (low, high) = by_genre.std(axis=1, ddof=1), np.quantile(null, (0.025, 0.975), axis=0)
    columns = np.stack([means, spreads, popularity, low, high], axis=1)
    rows = [[genre, *row] for genre, row in zip(flags, columns.tolist(), strict=True)]
    return Found(numbers, {"genre-auc": rows})


def _of_known(bench: Bench, model: nn.Module) -> Tensor:
    return movie_factors(model)[torch.tensor(known_movies(bench.dataset(0)))]


def _genre_flags(bench: Bench) -> dict[str, np.ndarray]:
    """Genre → which of the known movies have it, for genres that enough of them have."""
    movies = bench.dataset(0).movies.iloc[known_movies(bench.dataset(0))]
    return {genre: movies[genre].to_numpy() for genre in tested_genres(bench)}


WITHOUT_HISTORY = replace(bayesian.SETTINGS, n_features=0)


def how_far(bench: Bench) -> Found:
    """RMSE of the mean of 1, 10 and all draws, then with a prior from who rated what."""
    found = pd.DataFrame([_drawn_errors(bench, seed) for seed in SEEDS])
    numbers = {f"{name}-rmse": measured(found[name], STARS, 0.004) for name in found}
    gains = {"history": ("draws-all", "history"), "blend": ("history", "blend")}
    for name, (before, after) in gains.items():
        numbers[f"{name}-gain"] = measured(found[before] - found[after], SCORE, 0.002)
    numbers["draws"] = measured([bayesian.SETTINGS.n_draws], ".0f", 0)
    return Found(numbers)


def _drawn_errors(bench: Bench, seed: int) -> dict[str, float]:
    train, valid = bench.dataset(seed).train_encoded, bench.dataset(seed).valid_encoded
    drawn = list(bayesian.draws(train, valid, WITHOUT_HISTORY, seed))
    views = [bayesian.predict(train, valid, view, seed) for view in bayesian.VIEWS]
    return {
        "draws-1": rmse(drawn[0], valid),
        "draws-10": rmse(np.mean(drawn[:10], axis=0), valid),
        "draws-all": rmse(np.mean(drawn, axis=0), valid),
        "history": rmse(views[0], valid),
        "blend": rmse(np.mean(views, axis=0), valid),
    }
