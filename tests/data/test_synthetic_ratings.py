"""The stand-in has the statistics of MovieLens 100K, and models come out in the same order on it.

The bounds are a mean over seeds plus or minus about four standard deviations, so that a harmless
change of the generator passes and a change of what it imitates does not.
"""

import numpy as np
import pandas as pd
import pytest

from data import MovieLens
from tests.courses import ROOT
from tutorial import baselines, next_movie
from tutorial.code import DeepCode
from tutorial.experiment import Dataset, Recipe, fit, read, rmse

pytestmark = pytest.mark.usefixtures("one_thread")

README = ROOT / "data" / "README.md"
FACTORS = Recipe("factors", biased=True, n_factors=50, lr=5e-3, l2=0.1, start=0.02, epochs=15)


def measure(code: DeepCode, data: MovieLens) -> dict[str, float]:
    dataset = read(code, data)
    what_comes_next = ndcg_of_what_comes_next(code, dataset)
    return describe(dataset.ratings) | rmse_of_models(code, dataset) | what_comes_next


def describe(ratings: pd.DataFrame) -> dict[str, float]:
    """Measure the statistics that stand in the README's table, under the names used there."""
    per_user, per_movie = (ratings[name].value_counts() for name in ("user_id", "movie_id"))
    user_mean, movie_mean = (
        ratings.groupby(name)["rating"].mean() for name in ("user_id", "movie_id")
    )
    often = per_movie[per_movie >= 20].index
    return {
        "mean rating": ratings["rating"].mean(),
        "sd of the ratings": ratings["rating"].std(ddof=0),
        "ratings per user, least": per_user.min(),
        "ratings per user, median": per_user.median(),
        "ratings per user, most": per_user.max(),
        "ratings per user, Gini": gini(per_user),
        "ratings per movie, median": per_movie.median(),
        "ratings per movie, most": per_movie.max(),
        "ratings per movie, Gini": gini(per_movie),
        "movies rated once": (per_movie == 1).sum(),
        "movies rated 20 times or more": len(often),
        "share of ratings, top tenth of the movies": per_movie[: len(per_movie) // 10].sum()
        / len(ratings),
        "sd of the users' means": user_mean.std(ddof=0),
        "sd of the movies' means (20 ratings or more)": movie_mean[often].std(ddof=0),
        "correlation of log count and mean, movies": np.log(per_movie).corr(movie_mean),
        "share of ratings in the same second as another": ratings.duplicated(
            ["user_id", "timestamp"], keep=False
        ).mean(),
    }


def gini(counts: pd.Series) -> float:
    ranks = np.arange(1, len(counts) + 1)
    return float((2 * ranks - len(counts) - 1) @ np.sort(counts) / (len(counts) * counts.sum()))


def rmse_of_models(code: DeepCode, dataset: Dataset) -> dict[str, float]:
    train, valid = dataset.train_encoded, dataset.valid_encoded
    return {
        "RMSE, global mean": rmse(baselines.global_mean(train, valid), valid),
        "RMSE, biases": rmse(baselines.biases(train, valid), valid),
        "RMSE, matrix factorization": fit(code, dataset, FACTORS, lambda done, total: None).rmse,
    }


def ndcg_of_what_comes_next(code: DeepCode, dataset: Dataset) -> dict[str, float]:
    ratings = next_movie.in_order(code, dataset)
    task = next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)
    scores = {
        "most rated": next_movie.most_rated(task),
        "EASE": next_movie.ease(task),
        "transition counts": next_movie.counted(code, task),
    }
    return {
        f"nDCG@10 of the last rating, {name}": next_movie.ndcg(next_movie.ranks(task, table))
        for name, table in scores.items()
    }


@pytest.fixture(scope="module")
def measured(code: DeepCode, stand_in: MovieLens) -> dict[str, float]:
    return measure(code, stand_in)


def test_the_histogram_of_stars_is_exactly_that_of_movielens(stand_in: MovieLens) -> None:
    stars = np.loadtxt(stand_in.ratings_path, usecols=2, dtype=int)
    assert np.bincount(stars).tolist() == [0, 6110, 11370, 27145, 34174, 21201]


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
        ("RMSE, matrix factorization", 0.907, 0.015),
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


def test_the_readme_states_what_is_measured_on_movielens(code: DeepCode, real: MovieLens) -> None:
    assert_stated(stated(1), measure(code, real))
