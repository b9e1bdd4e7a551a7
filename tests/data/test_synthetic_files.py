"""The stand-in has the files and formats of MovieLens 100K, and nothing of its content.

Where MovieLens 100K is at hand, the same readers read it and find the same there.
"""

import csv
import os
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import DataError, MovieLens, write_synthetic_files
from data.movielens import SYNTHETIC_MARK
from data.synthetic_ratings import FIRST_SECOND, GENRES, LAST_SECOND, make_ratings
from data.titles import title_movies


def read(path: Path, *columns: str, sep: str = "|") -> pd.DataFrame:
    """A file whose last line ends like the others; what is missing is an empty text."""
    assert path.read_bytes().endswith(b"\n")
    form = {"encoding": "latin-1", "keep_default_na": False, "quoting": csv.QUOTE_NONE}
    return pd.read_csv(path, sep=sep, names=columns, **form)


def read_ratings(data: MovieLens) -> pd.DataFrame:
    return read(data.ratings_path, "user", "movie", "stars", "time", sep="\t")


def read_movies(data: MovieLens) -> pd.DataFrame:
    return read(data.movies_path, "movie", "title", "released", "video", "url", *GENRES)


@pytest.fixture(params=["stand_in", "real"])
def either(request: pytest.FixtureRequest) -> MovieLens:
    data: MovieLens = request.getfixturevalue(request.param)
    return data


# ---- what the stand-in and MovieLens 100K have in common


def test_ratings(either: MovieLens) -> None:
    ratings = read_ratings(either)
    assert len(ratings) == 100_000
    assert not ratings.duplicated(["user", "movie"]).any()
    assert set(ratings.user) == set(range(1, 944))
    assert set(ratings.movie) == set(range(1, 1683))
    assert set(ratings.stars) == {1, 2, 3, 4, 5}
    assert ratings.user.value_counts().min() >= 20


def test_ratings_come_in_no_order(either: MovieLens) -> None:
    steps = read_ratings(either).diff()
    for rises, falls in zip((steps > 0).sum(), (steps < 0).sum(), strict=True):
        assert rises == pytest.approx(falls, rel=0.05)


def test_users_come_over_seven_months_and_stay_for_less_than_two_hours(either: MovieLens) -> None:
    times = read_ratings(either).groupby("user").time
    arrivals, stays = times.min(), times.max() - times.min()
    assert arrivals.min() >= FIRST_SECOND
    assert times.max().max() <= LAST_SECOND
    assert arrivals.max() - arrivals.min() > 180 * 86_400
    assert 20 * 60 < stays.median() < 120 * 60
    assert stays.min() > 0


def test_movies(either: MovieLens) -> None:
    movies = read_movies(either)
    assert list(movies.movie) == list(range(1, 1683))
    assert set(movies.video) == {""}
    flags = movies[[*GENRES]]
    assert flags.isin([0, 1]).all(axis=None) and flags.any(axis=1).all()
    assert movies.title.all()
    assert 1600 < movies.title.nunique() < 1682, "a few titles occur twice"
    assert movies["unknown"].sum() == 2
    assert (movies.released == "").sum() == 1
    dates = movies.released[movies.released != ""]
    assert dates.str.fullmatch(r"\d{1,2}-[A-Z][a-z][a-z]-\d{4}").all()
    assert pd.to_datetime(dates, format="%d-%b-%Y").dt.year.max() == 1998
    assert movies.title.str.contains(r" \(\d{4}\)\s*$").sum() > 1650


def test_titles_need_latin_1(either: MovieLens) -> None:
    with pytest.raises(UnicodeDecodeError):
        either.movies_path.read_bytes().decode("utf-8")
    assert read_movies(either).title.str.contains("é").any()


def test_users(either: MovieLens) -> None:
    users = read(either.users_path, "user", "age", "gender", "occupation", "zip")
    assert list(users.user) == list(range(1, 944))
    assert users.age.between(7, 73).all()
    assert set(users.gender) == {"M", "F"}
    assert users.occupation.nunique() == 21
    assert (users.zip.str.len() == 5).all()
    assert users.zip.str.startswith("0").any(), "so a code is no number"
    assert not users.zip.str.isdigit().all()


def test_genres(either: MovieLens) -> None:
    lines = [f"{name}|{number}\n" for number, name in enumerate(GENRES)]
    assert either.genres_path.read_text() == "".join(lines) + "\n"


# ---- what is its own


def test_it_says_that_it_is_one(stand_in: MovieLens) -> None:
    assert stand_in.is_synthetic
    assert "invented" in (stand_in.folder / SYNTHETIC_MARK).read_text()


def test_genres_are_about_as_frequent_as_in_movielens(stand_in: MovieLens) -> None:
    n_movies = read_movies(stand_in)[[*GENRES]].sum()
    assert n_movies["Drama"] == pytest.approx(725, rel=0.15)
    assert n_movies["Comedy"] == pytest.approx(505, rel=0.15)
    assert n_movies["Western"] == pytest.approx(27, rel=0.5)
    assert n_movies["Fantasy"] == pytest.approx(22, rel=0.5)


def test_titles_sound_like_their_genres(stand_in: MovieLens) -> None:
    movies = read_movies(stand_in)
    for word, genre in [("Sheriff", "Western"), ("Crypt", "Horror"), ("Android", "Sci-Fi")]:
        about = movies[movies.title.str.contains(word)]
        assert len(about)
        assert about[genre].all()


def test_movies_that_share_a_title_are_alike(stand_in: MovieLens) -> None:
    movies = read_movies(stand_in).drop(columns="movie")
    shared = movies[movies.duplicated("title")]
    assert len(shared) == movies.duplicated().sum() == 8


def test_no_title_is_one_of_movielens(stand_in: MovieLens, real: MovieLens) -> None:
    # without year and article
    invented, theirs = (
        set(
            read_movies(data).title.str.replace(r"(, (The|A|An))? \(.*", "", regex=True).str.lower()
        )
        for data in (stand_in, real)
    )
    assert invented.isdisjoint(theirs)


def test_no_rating_is_one_of_movielens_beyond_chance(stand_in: MovieLens, real: MovieLens) -> None:
    shared = read_ratings(stand_in).merge(read_ratings(real), on=["user", "movie"])
    assert len(shared) == pytest.approx(100_000**2 / (943 * 1682), rel=0.1)


# ---- seeds


def test_the_same_seed_gives_the_same_bytes(stand_in: MovieLens, tmp_path: Path) -> None:
    again = write_synthetic_files(tmp_path / "again", seed=0)
    other = write_synthetic_files(tmp_path / "other", seed=1)
    for name in ("u.data", "u.item", "u.user"):
        content = (stand_in.folder / name).read_bytes()
        assert (again / name).read_bytes() == content
        assert (other / name).read_bytes() != content


def test_random_numbers_drawn_elsewhere_do_not_matter() -> None:
    first = make_ratings(3, n_users=40, n_movies=200, n_ratings=2000)
    titles = title_movies([("Drama",)] * 50)
    random.seed(7)
    np.random.seed(7)
    second = make_ratings(3, n_users=40, n_movies=200, n_ratings=2000)
    for name in ("user_idx", "movie_idx", "rating", "timestamp", "genres"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert title_movies([("Drama",)] * 50) == titles


@pytest.mark.parametrize(
    ("n_users", "n_movies", "n_ratings"), [(30, 100, 599), (30, 100, 1501), (10, 900, 800)]
)
def test_sizes_that_do_not_go_together_are_an_error(
    n_users: int, n_movies: int, n_ratings: int
) -> None:
    with pytest.raises(ValueError, match=f"{n_ratings} ratings do not fit {n_users} users"):
        make_ratings(n_users=n_users, n_movies=n_movies, n_ratings=n_ratings)


@pytest.mark.parametrize("n_ratings", [600, 1500])
def test_the_smallest_and_largest_sizes_work(n_ratings: int) -> None:
    ratings = make_ratings(n_users=30, n_movies=100, n_ratings=n_ratings)
    pairs = set(zip(ratings.user_idx.tolist(), ratings.movie_idx.tolist(), strict=True))
    assert len(pairs) == n_ratings
    assert set(ratings.movie_idx.tolist()) == set(range(100))


# ---- whole or not at all


def test_an_interrupted_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def fill_up(path: Path, content: bytes) -> int:
        if path.name == "u.user":
            raise OSError(28, os.strerror(28))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(DataError, match=r"cannot be written to .*No space left"):
        write_synthetic_files(tmp_path / "cache" / "stand-in")
    assert list((tmp_path / "cache").iterdir()) == []
