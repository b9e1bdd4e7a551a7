"""`course recommend`: one user's list by likes, by stars and by what comes next, with reasons."""

import io
import os
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from data import MovieLens, load
from grading.manifest import Course
from tests.courses import ROOT
from tests.tutorial.calls import recorded
from tutorial import lists
from tutorial.by import By
from tutorial.code import DeepCode
from tutorial.commands import LISTS
from tutorial.experiment import read
from tutorial.lists import WrongRequest, print_by_likes, recommend_for
from tutorial.next_movie import Recipe


def told(code: DeepCode, movielens: MovieLens, user_id: int, by: By, n: int = 10) -> str:
    """What is printed, 80 columns wide."""
    console = Console(width=80, record=True, markup=False, file=io.StringIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "ATTENTION", Recipe(max_length=6, epochs=2))
        recommend_for(console, code, movielens, user_id, n, by)
    return console.export_text()


def ratings_of(data_folder: Path, user_id: int) -> dict[int, int]:
    """Movie id → stars, as the file has them."""
    rows = [line.split("\t") for line in (data_folder / "u.data").read_text().splitlines()]
    return {int(movie): int(stars) for user, movie, stars, _ in rows if int(user) == user_id}


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MOVIELENS_100K"), reason="needs MOVIELENS_100K")
def test_the_first_page_of_the_site_shows_what_comes_out(code: DeepCode) -> None:
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\d+\. (.+)", page, re.MULTILINE)
    console = Console(width=200, record=True, file=io.StringIO())
    recommend_for(console, code, load(), 196, 10, By.LIKES)
    text = console.export_text()
    assert "liked 22 of 39 rated movies" in text
    made = re.findall(r"│ +\d+ │ (.+?) +│", text)
    assert len(set(shown) & set(made)) >= 8, "processors round differently: two may change places"


def movies(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"Film\s+No\.\s+(\d+)", text)]


@pytest.mark.parametrize("by", By)
def test_a_list_has_new_movies_with_a_reason_each_and_needs_the_tasks_that_it_names(
    course: Course, code: DeepCode, movielens: MovieLens, data_folder: Path, by: By
) -> None:
    with recorded(course, code) as called:
        text = told(code, movielens, 1, by)
    assert called == LISTS[by]
    rows = re.findall(r"│ +(\d+) │ (.+?) │ (.+) │\n", text)
    assert [int(place) for place, _, _ in rows] == list(range(1, 11))
    assert all(reason.strip() for _, _, reason in rows)
    rated = ratings_of(data_folder, 1)
    assert not {movies(title)[0] for _, title, _ in rows} & set(rated)
    if by is By.LIKES:
        because = {movie for _, _, reason in rows for movie in movies(reason)}
        assert because <= {movie for movie, stars in rated.items() if stars >= 4}
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_predicted_stars_are_told_apart_into_what_everybody_gives_and_taste(
    code: DeepCode, movielens: MovieLens
) -> None:
    text = told(code, movielens, 1, By.STARS)
    rows = [
        [float(number) for number in row]
        for row in re.findall(r"│ +([\d.]+) │ +([+-][\d.]+) │ +([+-][\d.]+) │", text)
    ]
    assert [stars for stars, _, _ in rows] == sorted((row[0] for row in rows), reverse=True)
    of_the_user = [stars - everybody - taste for stars, everybody, taste in rows]
    assert max(of_the_user) - min(of_the_user) < 0.021, "the rest is the same for all movies"


@pytest.fixture
def no_training(code: DeepCode, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models stay as they begin."""
    model = code.model.BiasedMatrixFactorization(40, 60, 4)
    monkeypatch.setattr(lists, "rank_with_bar", lambda *args: model)
    monkeypatch.setattr(lists, "fit_with_bar", lambda *args: SimpleNamespace(model=model))
    monkeypatch.setattr(lists, "follow_with_bar", lambda *args: code.deep.NextMovie(60).eval())


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("by", By)
def test_a_user_who_has_seen_everything_gets_a_sentence(
    code: DeepCode, movielens: MovieLens, by: By
) -> None:
    text = told(code, movielens, 3, by)
    assert "user 3 has rated every movie; there is nothing left to recommend" in text


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("by", By)
def test_more_movies_than_are_left_are_not_invented(
    code: DeepCode, movielens: MovieLens, data_folder: Path, by: By
) -> None:
    rows = re.findall(r"│ +\d+ │", told(code, movielens, 1, by, n=1000))
    assert len(rows) == 60 - len(ratings_of(data_folder, 1))


def test_who_likes_nothing_gets_what_many_like(code: DeepCode, movielens: MovieLens) -> None:
    dataset = read(code, movielens)
    stars = dataset.ratings["rating"].where(dataset.ratings["user_id"] != 1, 2)
    dataset = replace(dataset, ratings=dataset.ratings.assign(rating=stars))
    model = code.model.BiasedMatrixFactorization(40, 60, 4)
    console = Console(width=80, record=True, markup=False, file=io.StringIO())
    print_by_likes(console, code, dataset, model, user_id=1, n=3)
    text = console.export_text()
    assert re.search(r"^liked 0 of \d+ rated movies$", text, re.MULTILINE)
    assert text.count("(many like it)") == 3


@pytest.mark.parametrize(
    ("user_id", "n", "says"),
    [(999, 10, "user_id 999 is unknown; they run from 1 to 40"), (1, 0, "at least 1, got 0")],
)
def test_what_cannot_be_recommended_is_refused_before_the_training(
    code: DeepCode,
    movielens: MovieLens,
    monkeypatch: pytest.MonkeyPatch,
    user_id: int,
    n: int,
    says: str,
) -> None:
    monkeypatch.setattr(lists, "train_and_print", lambda *args: pytest.fail("it trains"))
    with pytest.raises(WrongRequest, match=says):
        recommend_for(Console(), code, movielens, user_id, n, By.LIKES)
