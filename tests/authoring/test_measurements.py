"""The measurements behind the lessons: on invented data they run, and they give aggregates."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from authoring.measurements import GROUPS, bench, part1, part2, part3, part4, part5, part6, part7
from authoring.measurements.bench import Bench, Found
from authoring.numbers import number
from data.movielens import open_folder
from solutions.part1.neighbours import predict_rating
from tutorial import rankers
from tutorial.code import DeepCode
from tutorial.experiment import Dataset
from tutorial.next_movie import Recipe

MODULES = (bench, part1, part2, part3, part4, part5, part6, part7)
SMALL = {
    "SEEDS": range(2),
    "N_FACTORS": 4,
    "ENOUGH_RATINGS": 5,
    "N_GENRE_MOVIES": 14,
    "N_SHUFFLES": 3,
    "SHORT": 3,
    "LONG": 4,
    "SHOWN_EPOCHS": (1, 3, 4),
    "CURED_EPOCHS": 3,
    "HYBRID_EPOCHS": 2,
    "RATED_BY_NEWCOMER": (0, 1, 3),
    "ENOUGH_OF_A_NEWCOMER": 6,
    "N_GROUPS": 2,
    "DEEP_SEEDS": range(2),
    "NEXT": Recipe(max_length=6, epochs=1),
    "TOWERS": {name: replace(recipe, epochs=1) for name, recipe in part7.TOWERS.items()},
    "ONE_USER": 1,
    "FAVOURITES": {"first": "[bold] Film No. 1 (1990)"},
}


def make_small(patch: pytest.MonkeyPatch) -> None:
    """Set the sizes wherever they are read."""
    for name, value in SMALL.items():
        readers = [module for module in MODULES if hasattr(module, name)]
        assert readers, name
        for module in readers:
            patch.setattr(module, name, value)


@pytest.fixture(scope="module", name="bench")
def make_bench(
    code: DeepCode, one_thread: None, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    folder = tmp_path_factory.mktemp("measured") / "ml"
    shutil.copytree(data_folder, folder)
    lines = (folder / "u.data").read_text().splitlines(keepends=True)
    (folder / "u1.test").write_text("".join(lines[:100]))
    return Bench(code, open_folder(folder, "a test"))


@pytest.fixture(scope="module")
def measured(bench: Bench) -> dict[str, Found]:
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        return {name: group(bench) for name, group in GROUPS.items()}


def test_every_group_measures_numbers_that_can_be_shown(measured: dict[str, Found]) -> None:
    for name, found in measured.items():
        assert found.numbers, name
        for key, one in found.numbers.items():
            assert str(number(one, name)), key


def test_no_name_is_measured_twice(measured: dict[str, Found]) -> None:
    names = [name for found in measured.values() for name in found.numbers]
    assert len(set(names)) == len(names)
    curves = [name for found in measured.values() for name in found.curves]
    assert len(set(curves)) == len(curves)


def test_the_same_comes_again(bench: Bench, measured: dict[str, Found]) -> None:
    again = Bench(bench.code, bench.movielens)
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        assert part4.weight_decay(again) == measured["weight_decay"]


def test_curves_are_aggregates(measured: dict[str, Found]) -> None:
    """A table with a row for each user or rating would hand on the data."""
    for found in measured.values():
        for name, curve in found.curves.items():
            assert len(curve) <= 150, name


def test_like_minded_users_predict_as_in_task_1_3(bench: Bench) -> None:
    dataset = bench.dataset(0)
    train, held_out = dataset.train_encoded, dataset.valid_encoded[["user_idx", "movie_idx"]]
    table = np.full((dataset.n_users, dataset.n_movies), np.nan)
    table[train["user_idx"], train["movie_idx"]] = train["rating"]
    for k, predictions in part1.like_minded_predictions(dataset).items():
        expected = [predict_rating(table, *pair, k=k) for pair in held_out.to_numpy()]
        assert predictions == pytest.approx(expected, abs=1e-5)


# Lists


@pytest.fixture
def dataset(bench: Bench) -> Dataset:
    return bench.dataset(0)


def test_a_list_holds_the_best_that_the_user_has_not_seen_and_ties_go_by_row() -> None:
    scores = np.stack([np.arange(20.0), np.arange(20.0), np.zeros(20)])
    seen = np.zeros((3, 20), dtype=bool)
    seen[0, 19] = True
    expected = [range(18, 8, -1), range(19, 9, -1), range(10)]
    assert rankers.lists(scores, seen).tolist() == [list(movies) for movies in expected]


def test_a_method_that_knows_the_answers_gets_the_best_grades(
    bench: Bench, dataset: Dataset
) -> None:
    answers = np.zeros((dataset.n_users, dataset.n_movies))
    for user, movies in rankers.relevant(dataset).items():
        answers[user, list(movies)] = 1
    found = rankers.quality(bench.code, dataset, answers)
    assert found.ndcg == pytest.approx(1)


def test_no_method_looks_at_the_held_out_ratings(bench: Bench, dataset: Dataset) -> None:
    other = replace(dataset, valid_encoded=dataset.valid_encoded.assign(rating=1.0))
    for method in (
        rankers.most_rated,
        rankers.best_mean,
        lambda data: rankers.item_neighbours(data, k=5),
        rankers.ease,
    ):
        assert np.array_equal(method(dataset), method(other))


def test_ease_does_not_use_a_movie_for_itself() -> None:
    """Its weights solve a ridge regression whose diagonal is held at 0."""
    rng = np.random.default_rng(0)
    liked = (rng.random((30, 6)) < 0.5).astype(float)
    weights = rankers.ease_weights(liked, 2.0)
    assert np.diag(weights) == pytest.approx(np.zeros(6))
    for movie in range(6):
        others = np.delete(np.arange(6), movie)
        x, y = liked[:, others], liked[:, movie]
        ridge = np.linalg.solve(x.T @ x + 2.0 * np.eye(5), x.T @ y)
        assert weights[others, movie] == pytest.approx(ridge)
