"""The stand-in has the files and formats of MovieLens 100K, and nothing of its content.

Where MovieLens 100K is at hand, the same readers read it and find the same there.
"""

import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from data import DataError, MovieLens, write_synthetic_files
from data.movielens import SYNTHETIC_MARK
from data.synthetic_ratings import FIRST_SECOND, GENRES, LAST_SECOND, make_ratings
from data.titles import title_movies


@dataclass(frozen=True)
class Movie:
    movie_id: int
    title: str
    released: str
    genres: tuple[str, ...]


def read_ratings(data: MovieLens) -> list[tuple[int, int, int, int]]:
    rows = [line.split("\t") for line in lines_of(data.ratings_path)]
    return [(int(user), int(movie), int(stars), int(time)) for user, movie, stars, time in rows]


def read_movies(data: MovieLens) -> list[Movie]:
    movies = []
    for line in lines_of(data.movies_path):
        movie_id, title, released, video, _url, *flags = line.split("|")
        assert video == ""
        assert len(flags) == 19 and set(flags) <= {"0", "1"}
        genres = tuple(name for name, flag in zip(GENRES, flags, strict=True) if flag == "1")
        movies.append(Movie(int(movie_id), title, released, genres))
    return movies


def lines_of(path: Path) -> list[str]:
    lines = path.read_bytes().decode("latin-1").split("\n")
    assert lines.pop() == "", "the last line ends like the others"
    return lines


@pytest.fixture(params=["stand_in", "real"])
def either(request: pytest.FixtureRequest) -> MovieLens:
    data: MovieLens = request.getfixturevalue(request.param)
    return data


# ---- what the stand-in and MovieLens 100K have in common


def test_ratings(either: MovieLens) -> None:
    ratings = read_ratings(either)
    assert len(ratings) == 100_000
    assert len({(user, movie) for user, movie, _, _ in ratings}) == 100_000
    assert {user for user, _, _, _ in ratings} == set(range(1, 944))
    assert {movie for _, movie, _, _ in ratings} == set(range(1, 1683))
    assert {stars for _, _, stars, _ in ratings} == {1, 2, 3, 4, 5}
    assert min(Counter(user for user, _, _, _ in ratings).values()) >= 20


def test_ratings_come_in_no_order(either: MovieLens) -> None:
    ratings = read_ratings(either)
    for column in range(4):
        values = [row[column] for row in ratings]
        rises = sum(a < b for a, b in pairwise(values))
        falls = sum(a > b for a, b in pairwise(values))
        assert rises == pytest.approx(falls, rel=0.05)


def test_users_come_over_seven_months_and_stay_for_less_than_two_hours(either: MovieLens) -> None:
    times: dict[int, list[int]] = {}
    for user, _, _, time in read_ratings(either):
        times.setdefault(user, []).append(time)
    arrivals = sorted(min(moments) for moments in times.values())
    assert arrivals[0] >= FIRST_SECOND
    assert max(map(max, times.values())) <= LAST_SECOND
    assert arrivals[-1] - arrivals[0] > 180 * 86_400
    assert 20 * 60 < median(max(moments) - min(moments) for moments in times.values()) < 120 * 60
    assert all(len(set(moments)) > 1 for moments in times.values())


def test_movies(either: MovieLens) -> None:
    movies = read_movies(either)
    assert [movie.movie_id for movie in movies] == list(range(1, 1683))
    assert all(movie.title and movie.genres for movie in movies)
    assert 1600 < len({movie.title for movie in movies}) < 1682, "a few titles occur twice"
    assert sum("unknown" in movie.genres for movie in movies) == 2
    assert sum(movie.released == "" for movie in movies) == 1
    dates = [movie.released for movie in movies if movie.released]
    assert all(re.fullmatch(r"\d{1,2}-[A-Z][a-z][a-z]-\d{4}", date) for date in dates)
    assert max(datetime.strptime(date, "%d-%b-%Y").year for date in dates) == 1998
    dated = sum(bool(re.search(r" \(\d{4}\)\s*$", movie.title)) for movie in movies)
    assert dated > 1650


def test_titles_need_latin_1(either: MovieLens) -> None:
    with pytest.raises(UnicodeDecodeError):
        either.movies_path.read_bytes().decode("utf-8")
    assert any("é" in movie.title for movie in read_movies(either))


def test_users(either: MovieLens) -> None:
    users = [line.split("|") for line in lines_of(either.users_path)]
    assert [int(user_id) for user_id, *_ in users] == list(range(1, 944))
    assert all(7 <= int(age) <= 73 for _, age, *_ in users)
    assert {gender for _, _, gender, _, _ in users} == {"M", "F"}
    assert len({occupation for *_, occupation, _ in users}) == 21
    zip_codes = [zip_code for *_, zip_code in users]
    assert all(len(code) == 5 for code in zip_codes)
    assert any(code.startswith("0") for code in zip_codes), "so a code is no number"
    assert any(not code.isdigit() for code in zip_codes)


def test_genres(either: MovieLens) -> None:
    *lines, last = lines_of(either.genres_path)
    assert lines == [f"{name}|{number}" for number, name in enumerate(GENRES)]
    assert last == ""


# ---- what is its own


def test_it_says_that_it_is_one(stand_in: MovieLens) -> None:
    assert stand_in.is_synthetic
    assert "invented" in (stand_in.folder / SYNTHETIC_MARK).read_text()


def test_genres_are_about_as_frequent_as_in_movielens(stand_in: MovieLens) -> None:
    n_movies = Counter(name for movie in read_movies(stand_in) for name in movie.genres)
    assert n_movies["Drama"] == pytest.approx(725, rel=0.15)
    assert n_movies["Comedy"] == pytest.approx(505, rel=0.15)
    assert n_movies["Western"] == pytest.approx(27, rel=0.5)
    assert n_movies["Fantasy"] == pytest.approx(22, rel=0.5)


def test_titles_sound_like_their_genres(stand_in: MovieLens) -> None:
    movies = read_movies(stand_in)
    for word, genre in [("Sheriff", "Western"), ("Crypt", "Horror"), ("Android", "Sci-Fi")]:
        about = [movie for movie in movies if word in movie.title]
        assert about
        assert all(genre in movie.genres for movie in about)


def test_movies_that_share_a_title_are_alike(stand_in: MovieLens) -> None:
    by_title: dict[str, list[Movie]] = {}
    for movie in read_movies(stand_in):
        by_title.setdefault(movie.title, []).append(movie)
    shared = [movies for movies in by_title.values() if len(movies) > 1]
    assert len(shared) == 8
    for first, second in shared:
        assert (first.released, first.genres) == (second.released, second.genres)


def test_no_title_is_one_of_movielens(stand_in: MovieLens, real: MovieLens) -> None:
    invented = {bare(movie.title) for movie in read_movies(stand_in)}
    assert invented.isdisjoint({bare(movie.title) for movie in read_movies(real)})


def bare(title: str) -> str:
    """Strip a title of its year and article."""
    return re.sub(r"(, (The|A|An))? \(.*", "", title).lower()


def test_no_rating_is_one_of_movielens_beyond_chance(stand_in: MovieLens, real: MovieLens) -> None:
    pairs = [{(user, movie) for user, movie, _, _ in read_ratings(d)} for d in (stand_in, real)]
    n_shared, by_chance = len(pairs[0] & pairs[1]), 100_000**2 / (943 * 1682)
    assert n_shared == pytest.approx(by_chance, rel=0.1)


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
