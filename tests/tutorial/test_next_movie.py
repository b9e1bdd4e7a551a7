"""Part 7 of the tutorial: what comes next, from histories to the demo."""

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from rich.console import Console

from data import MovieLens
from data.movielens import open_folder
from data.synthetic_ratings import make_ratings
from grading.manifest import Course
from tests.tutorial.calls import recorded
from tutorial import deep_demo, lists, next_movie, rankers, retrieval
from tutorial.code import DeepCode
from tutorial.commands import DEEP_DEMO
from tutorial.experiment import read
from tutorial.next_movie import Recipe, Task
from tutorial.plots import attention_weights

QUICK = Recipe(max_length=6, epochs=2)


def frame(*rows: tuple[int, int, int]) -> pd.DataFrame:
    """Ratings of (user, movie, second), each history in order."""
    ratings = pd.DataFrame(rows, columns=["user_idx", "movie_idx", "timestamp"])
    return ratings.sort_values(next_movie.IN_ORDER)


RATINGS = frame((0, 3, 10), (0, 1, 10), (0, 2, 5), (2, 0, 40), (2, 4, 30), (2, 1, 50))


# Tasks


def test_the_last_rating_is_left_out_and_ties_go_by_movie() -> None:
    task = next_movie.leave_last_out(RATINGS, n_users=3, n_movies=5)
    assert task.histories == [[2, 1], [4, 0]]
    assert task.users.tolist() == [0, 2]
    assert task.targets.tolist() == [3, 1]
    assert sorted(task.train["movie_idx"]) == [0, 1, 2, 4]
    assert np.argwhere(task.seen).tolist() == [[0, 1], [0, 2], [1, 0], [1, 4]]


def test_after_a_date_nothing_is_learned_from() -> None:
    task = next_movie.cut_in_time(RATINGS, n_users=3, n_movies=5, train_share=0.6)
    assert task.users.tolist() == [2], "the last rating of user 0 is before the date"
    assert task.histories == [[4, 0]], "a history holds what the user rated after it, too"
    assert set(task.train["timestamp"]) == {5, 10}


def test_a_shuffled_history_holds_the_same_movies() -> None:
    many = frame(*((0, movie, movie) for movie in range(30)))
    task = next_movie.leave_last_out(many, n_users=1, n_movies=30)
    control = next_movie.shuffled(task, seed=0)
    assert control.histories != task.histories
    assert sorted(control.histories[0]) == task.histories[0]
    assert not control.train["timestamp"].is_monotonic_increasing
    assert control.targets.tolist() == task.targets.tolist()


# How good


def test_a_place_counts_the_unseen_movies_only_and_ties_go_by_index() -> None:
    task = next_movie.leave_last_out(RATINGS, n_users=3, n_movies=5)  # to be found: 3 and 1
    best_are_seen = np.array([[0, 9, 8, 1, 0], [8, 1, 0, 2, 9]])
    assert next_movie.ranks(task, best_are_seen).tolist() == [1, 2]
    assert next_movie.ranks(task, np.zeros((2, 5))).tolist() == [2, 1]


def test_quality_by_hand() -> None:
    places = np.array([1, 3, 10, 11])
    assert next_movie.hit_rate(places) == 0.75
    assert next_movie.ndcg(places) == pytest.approx((1 + 1 / 2 + 1 / np.log2(11)) / 4)


# Methods


def test_windows_hold_each_full_stretch_of_a_history_once() -> None:
    inputs = torch.tensor([list(range(7)), [0, 1, 9, 9, 9, 9, 9]])
    targets = torch.tensor([list(range(1, 8)), [1, 2, -100, -100, -100, -100, -100]])
    generator = torch.Generator().manual_seed(0)
    starts = set()
    for _ in range(20):
        cut, cut_targets = next_movie.windows(inputs, targets, 9, 3, generator)
        assert cut.shape == cut_targets.shape == (3, 3)
        start = int(cut[0, 0])
        starts.add(start)
        assert cut[:2].flatten().tolist() == list(range(start, start + 6))
        assert torch.equal(cut_targets[:2], cut[:2] + 1)
        assert cut[2].tolist() == [0, 1, 9]
        assert cut_targets[2].tolist() == [1, 2, -100]
    assert starts == {0, 1}


@pytest.fixture(scope="module")
def task(code: DeepCode, data_folder: Path) -> Task:
    dataset = read(code, open_folder(data_folder, "a test"))
    ratings = next_movie.in_order(code, dataset)
    return next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)


def test_no_method_looks_at_the_targets(code: DeepCode, task: Task) -> None:
    other = replace(task, targets=(task.targets + 1) % task.n_movies)
    for method in (
        next_movie.most_rated,
        next_movie.ease,
        lambda task: next_movie.counted(code, task),
        lambda task: next_movie.bpr(code, task, seed=0, epochs=1),
        lambda task: next_movie.after(next_movie.attention(code, task, QUICK, seed=0), task),
    ):
        assert np.array_equal(method(task), method(other))


def test_scores_after_a_history_are_those_of_its_latest_part_alone(
    code: DeepCode, task: Task
) -> None:
    model = next_movie.attention(code, task, QUICK, seed=0)
    scores = next_movie.after(model, task)
    for row in (0, len(task.histories) - 1):
        alone = model(torch.tensor([task.histories[row][-QUICK.max_length :]]))[0, -1]
        assert scores[row] == pytest.approx(alone.detach().numpy(), abs=1e-5)


def test_the_attention_of_a_position_is_shared_by_it_and_those_before(
    code: DeepCode, task: Task
) -> None:
    model = next_movie.attention(code, task, QUICK, seed=0)
    weights = attention_weights(model, task.histories[0][:4])
    assert weights is not None
    assert weights.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.triu(weights, k=1) == pytest.approx(np.zeros((4, 4)))
    assert attention_weights(torch.nn.Linear(1, 1), [0]) is None


def test_attention_beats_ease_on_the_order_of_the_stand_in(code: DeepCode) -> None:
    invented = make_ratings(0, n_users=300, n_movies=400, n_ratings=20_000)
    ratings = frame(*zip(invented.user_idx, invented.movie_idx, invented.timestamp, strict=True))
    task = next_movie.leave_last_out(ratings, n_users=300, n_movies=400)
    model = next_movie.attention(code, task, Recipe(epochs=4), seed=0)
    found = next_movie.ndcg(next_movie.ranks(task, next_movie.after(model, task)))
    assert found > next_movie.ndcg(next_movie.ranks(task, next_movie.ease(task))) + 0.03


# Two towers


def test_features_are_genres_and_one_period_of_release(code: DeepCode) -> None:
    movies = pd.DataFrame({"title": ["A (1939)", "B (1995)", "B (1995)", "no year"]})
    for genre in code.dataset.GENRES:
        movies[genre] = genre == "Western"
    features = retrieval.movie_features(code, movies)
    periods = features[:, len(code.dataset.GENRES) :]
    assert periods.sum(dim=1).tolist() == [1] * 4
    assert periods[0, 0] == 1
    assert torch.equal(periods[1], periods[3]), "an unknown year counts as the median"


@pytest.mark.parametrize("kind", ["dot", "ids", "features"])
def test_towers_learn_what_is_liked(code: DeepCode, data_folder: Path, kind: str) -> None:
    dataset = read(code, open_folder(data_folder, "a test"))
    recipe = retrieval.Recipe(kind, epochs=20, lr=1e-2, weight_decay=0.0, batch_size=64)
    scores = retrieval.scores(dataset, retrieval.train(code, dataset, recipe, seed=0))
    users, movies = rankers.liked_pairs(dataset).T.numpy()
    assert scores[users, movies].mean() > scores.mean() + 0.5


# The demo


@pytest.fixture(scope="module")
def told(
    course: Course, code: DeepCode, movielens: MovieLens, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """What the demo prints with the reference solutions, and where its picture is."""
    plots = tmp_path_factory.mktemp("plots") / "new"
    console = Console(width=160, record=True, markup=False, file=io.StringIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "ATTENTION", QUICK)
        with recorded(course, code) as called:
            deep_demo.demo(console, code, movielens, plots)
    assert called == DEEP_DEMO, "what must be done is known before it begins"
    return console.export_text(), plots


def test_the_ladder_ends_with_the_shuffled_control(told: tuple[str, Path]) -> None:
    rows = re.findall(r"^│ ([\w, ]+?) +│ +(0\.\d{3}) │ +(0\.\d{3}) │", told[0], re.MULTILINE)
    assert [name for name, _, _ in rows] == [
        "most rated",
        "EASE",
        "transition counts",
        "attention",
        "attention, shuffled",
    ]
    assert all(float(ndcg) <= float(hit_rate) for _, hit_rate, ndcg in rows)


def test_ten_expected_movies_stand_below_the_last_ten_with_reasons_among_them(
    told: tuple[str, Path], task: Task
) -> None:
    text = told[0]
    last = text[text.index("last rated, in order:") : text.index("What comes next for user 1")]
    assert numbers(last) == task.histories[0][-10:]
    table = text[text.index("What comes next for user 1") :]
    shown = re.findall(r"│ +(\d+) │ (.+?) │ (.+?) │", table)
    assert [place for place, _, _ in shown] == [str(place) for place in range(1, 11)]
    assert not {numbers(title)[0] for _, title, _ in shown} & set(task.histories[0])
    assert all(set(numbers(because)) <= set(numbers(last)) for _, _, because in shown)
    assert f"what came next: [bold] Film No. {task.targets[0] + 1} (1990)" in text


def numbers(text: str) -> list[int]:
    """The indices of the movies that a text names."""
    return [int(number) - 1 for number in re.findall(r"Film\s+No\.\s+(\d+)", text)]


def test_the_picture_of_the_attention_is_saved_and_named(told: tuple[str, Path]) -> None:
    text, folder = told
    path = folder / "attention.png"
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert f"saved {path}" in text
