"""The stand-in has the statistics of MovieLens 100K, and models come out in the same order on it.

The bounds are a mean over seeds plus or minus about four standard deviations, so that a harmless
change of the generator passes and a change of what it imitates does not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from data import MovieLens
from tests.courses import ROOT

README = ROOT / "data" / "README.md"
N_USERS, N_MOVIES = 943, 1682


@dataclass(frozen=True)
class Ratings:
    user_idx: np.ndarray
    movie_idx: np.ndarray
    rating: np.ndarray
    timestamp: np.ndarray

    def take(self, rows: np.ndarray) -> "Ratings":
        columns = (self.user_idx, self.movie_idx, self.rating, self.timestamp)
        return Ratings(*(column[rows] for column in columns))


def read(data: MovieLens) -> Ratings:
    rows = np.loadtxt(data.ratings_path, dtype=np.int64, delimiter="\t")
    return Ratings(rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 2], rows[:, 3])


def measure(data: MovieLens) -> dict[str, float]:
    ratings = read(data)
    return describe(ratings) | rmse_of_models(ratings) | ndcg_of_what_comes_next(ratings)


def describe(ratings: Ratings) -> dict[str, float]:
    """Measure the statistics that stand in the README's table, under the names used there."""
    n_per_user = np.bincount(ratings.user_idx, minlength=N_USERS)
    n_per_movie = np.bincount(ratings.movie_idx, minlength=N_MOVIES)
    user_mean = np.bincount(ratings.user_idx, ratings.rating) / n_per_user
    movie_mean = np.bincount(ratings.movie_idx, ratings.rating) / n_per_movie
    often = n_per_movie >= 20
    top = np.sort(n_per_movie)[::-1][: N_MOVIES // 10]
    moments = np.stack([ratings.user_idx, ratings.timestamp])
    _, n_per_moment = np.unique(moments, axis=1, return_counts=True)
    return {
        "mean rating": ratings.rating.mean(),
        "sd of the ratings": ratings.rating.std(),
        "ratings per user, least": n_per_user.min(),
        "ratings per user, median": np.median(n_per_user),
        "ratings per user, most": n_per_user.max(),
        "ratings per user, Gini": gini(n_per_user),
        "ratings per movie, median": np.median(n_per_movie),
        "ratings per movie, most": n_per_movie.max(),
        "ratings per movie, Gini": gini(n_per_movie),
        "movies rated once": (n_per_movie == 1).sum(),
        "movies rated 20 times or more": often.sum(),
        "share of ratings, top tenth of the movies": top.sum() / len(ratings.rating),
        "sd of the users' means": user_mean.std(),
        "sd of the movies' means (20 ratings or more)": movie_mean[often].std(),
        "correlation of log count and mean, movies": correlation(np.log(n_per_movie), movie_mean),
        "share of ratings in the same second as another": n_per_moment[n_per_moment > 1].sum()
        / len(ratings.rating),
    }


def gini(counts: np.ndarray) -> float:
    ranks = np.arange(1, len(counts) + 1)
    return float((2 * ranks - len(counts) - 1) @ np.sort(counts) / (len(counts) * counts.sum()))


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def rmse_of_models(ratings: Ratings) -> dict[str, float]:
    """Measure the RMSE on a random fifth of the ratings, of predictions clipped to 1–5 stars."""
    order = np.random.default_rng(0).permutation(len(ratings.rating))
    n_valid = len(order) // 5
    valid, train = ratings.take(order[:n_valid]), ratings.take(order[n_valid:])
    models: dict[str, Callable[[Ratings, Ratings], np.ndarray]] = {
        "RMSE, global mean": lambda train, valid: np.full(n_valid, train.rating.mean()),
        "RMSE, biases": predict_with_biases,
        "RMSE, matrix factorization": predict_with_factors,
    }
    errors = {name: predict(train, valid) for name, predict in models.items()}
    return {
        name: float(np.sqrt(np.mean((valid.rating - predicted.clip(1, 5)) ** 2)))
        for name, predicted in errors.items()
    }


def predict_with_biases(train: Ratings, valid: Ratings, shrinkage: float = 5.0) -> np.ndarray:
    """Global mean and a bias for each user and movie, by ten sweeps of least squares."""
    mean = train.rating.mean()
    user_bias, movie_bias = np.zeros(N_USERS), np.zeros(N_MOVIES)
    n_per_user = np.bincount(train.user_idx, minlength=N_USERS)
    n_per_movie = np.bincount(train.movie_idx, minlength=N_MOVIES)
    for _ in range(10):
        left = train.rating - mean - user_bias[train.user_idx]
        movie_bias = np.bincount(train.movie_idx, left, N_MOVIES) / (n_per_movie + shrinkage)
        left = train.rating - mean - movie_bias[train.movie_idx]
        user_bias = np.bincount(train.user_idx, left, N_USERS) / (n_per_user + shrinkage)
    return mean + user_bias[valid.user_idx] + movie_bias[valid.movie_idx]


def predict_with_factors(
    train: Ratings, valid: Ratings, n_factors: int = 50, epochs: int = 15, batch_size: int = 1024
) -> np.ndarray:
    """Biased matrix factorization with the settings that were tuned on MovieLens 100K."""
    generator = torch.Generator().manual_seed(0)
    # one row a user or movie: its factors, and last its bias
    tables = [
        (0.02 * torch.randn(n, n_factors + 1, generator=generator)).requires_grad_()
        for n in (N_USERS, N_MOVIES)
    ]
    optimizer = torch.optim.Adam(tables, lr=5e-3)
    mean = float(train.rating.mean())

    def predict(user: torch.Tensor, movie: torch.Tensor) -> torch.Tensor:
        return mean + (user[:, :-1] * movie[:, :-1]).sum(1) + user[:, -1] + movie[:, -1]

    user_idx, movie_idx = torch.from_numpy(train.user_idx), torch.from_numpy(train.movie_idx)
    rating = torch.from_numpy(train.rating).float()
    n_steps = epochs * -(-len(rating) // batch_size)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=n_steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(rating), generator=generator).split(batch_size):
            user, movie = tables[0][user_idx[rows]], tables[1][movie_idx[rows]]
            error = predict(user, movie) - rating[rows]
            penalty = 0.1 * ((user**2).sum(1) + (movie**2).sum(1))
            optimizer.zero_grad()
            (error**2 + penalty).mean().backward()
            optimizer.step()
            decay.step()
    with torch.no_grad():
        return predict(tables[0][valid.user_idx], tables[1][valid.movie_idx]).numpy()


def ndcg_of_what_comes_next(ratings: Ratings) -> dict[str, float]:
    """Measure the nDCG@10 of each user's last rating (ties by movie), from all before it."""
    ordered = ratings.take(np.lexsort((ratings.movie_idx, ratings.timestamp, ratings.user_idx)))
    is_last = np.diff(ordered.user_idx, append=-1) != 0
    target, before = ordered.movie_idx[is_last], ordered.take(~is_last)
    seen = np.zeros((N_USERS, N_MOVIES))
    seen[before.user_idx, before.movie_idx] = 1
    counts = np.zeros((N_MOVIES, N_MOVIES))
    same_user = np.diff(before.user_idx) == 0
    pairs = (before.movie_idx[:-1][same_user], before.movie_idx[1:][same_user])
    np.add.at(counts, pairs, 1)
    last_seen = before.movie_idx[np.diff(before.user_idx, append=-1) != 0]
    inverse = np.linalg.inv(seen.T @ seen + 200 * np.eye(N_MOVIES))
    weights = inverse / -np.diag(inverse)  # EASE; the diagonal only scores what was seen
    popular = seen.sum(axis=0)
    scores = {
        "nDCG@10 of the last rating, most rated": np.tile(popular, (N_USERS, 1)),
        "nDCG@10 of the last rating, EASE": seen @ weights,
        # among equal counts, the more popular movie comes first
        "nDCG@10 of the last rating, transition counts": counts[last_seen] + 1e-6 * popular,
    }
    return {name: ndcg_at_10(table, seen, target) for name, table in scores.items()}


def ndcg_at_10(scores: np.ndarray, seen: np.ndarray, target: np.ndarray) -> float:
    """Mean over the users, with one movie to find each; a tie counts against the method."""
    unseen = np.where(seen > 0, -np.inf, scores)
    rank = (unseen >= unseen[np.arange(len(target)), target][:, None]).sum(axis=1)
    return float(np.where(rank <= 10, 1 / np.log2(rank + 1), 0).mean())


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Batches are too small for two threads, which wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def measured(stand_in: MovieLens) -> dict[str, float]:
    return measure(stand_in)


def test_the_histogram_of_stars_is_exactly_that_of_movielens(stand_in: MovieLens) -> None:
    histogram = np.bincount(read(stand_in).rating, minlength=6)[1:]
    assert histogram.tolist() == [6110, 11370, 27145, 34174, 21201]


@pytest.mark.parametrize(
    ("statistic", "mean", "spread"),
    [
        ("mean rating", 3.52986, 1e-5),
        ("sd of the ratings", 1.12567, 1e-5),
        ("ratings per user, least", 24, 4),
        ("ratings per user, median", 65, 8),
        ("ratings per user, most", 737, 0),
        ("ratings per user, Gini", 0.455, 0.04),
        ("ratings per movie, median", 25, 4),
        ("ratings per movie, most", 408, 84),
        ("ratings per movie, Gini", 0.624, 0.02),
        ("movies rated once", 63, 28),
        ("movies rated 20 times or more", 926, 32),
        ("share of ratings, top tenth of the movies", 0.422, 0.02),
        ("sd of the users' means", 0.429, 0.03),
        ("sd of the movies' means (20 ratings or more)", 0.503, 0.04),
        ("correlation of log count and mean, movies", 0.52, 0.10),
        ("share of ratings in the same second as another", 0.753, 0.01),
        ("RMSE, global mean", 1.1259, 0.016),
        ("RMSE, biases", 0.940, 0.020),
        ("RMSE, matrix factorization", 0.904, 0.015),
    ],
)
def test_a_statistic_lies_where_it_should(
    measured: dict[str, float], statistic: str, mean: float, spread: float
) -> None:
    assert measured[statistic] == pytest.approx(mean, abs=spread)


def test_each_model_of_the_course_beats_the_one_before(measured: dict[str, float]) -> None:
    mean, biases = measured["RMSE, global mean"], measured["RMSE, biases"]
    assert biases < mean - 0.1
    assert measured["RMSE, matrix factorization"] < biases - 0.01


def test_the_order_says_more_about_what_comes_next_than_taste(measured: dict[str, float]) -> None:
    counts = measured["nDCG@10 of the last rating, transition counts"]
    assert counts > measured["nDCG@10 of the last rating, EASE"] + 0.03


# ---- the table in data/README.md

ROUNDING = {"RMSE, matrix factorization": 0.003}  # rounds differently with another torch


def stated(column: int) -> dict[str, str]:
    """Read one column of the table of statistics: 1 MovieLens 100K, 2 the stand-in."""
    table = README.read_text(encoding="utf-8").split("| statistic |")[1].split("\n\n")[0]
    rows = [line.split("|")[1:-1] for line in table.splitlines()[2:]]
    return {row[0].strip(): row[column].strip() for row in rows}


def assert_stated(numbers: dict[str, str], measured: dict[str, float]) -> None:
    assert numbers.keys() == measured.keys()
    for statistic, number in numbers.items():
        decimals = len(number.partition(".")[2])
        allowed = ROUNDING.get(statistic, 0.0) + 0.501 * 10**-decimals
        assert measured[statistic] == pytest.approx(float(number), abs=allowed), statistic


def test_the_readme_states_what_is_measured_on_the_stand_in(measured: dict[str, float]) -> None:
    assert_stated(stated(2), measured)


def test_the_readme_states_what_is_measured_on_movielens(real: MovieLens) -> None:
    assert_stated(stated(1), measure(real))
