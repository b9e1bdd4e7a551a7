"""The comparison with other libraries, none of which it needs."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from benchmarks import peers
from benchmarks.peers import Entry, Measured, duration, goals_met, measure_lists, measure_stars
from data.movielens import open_folder
from grading.manifest import Course
from tutorial.code import load_code
from tutorial.experiment import Dataset, read


def constant(stars: float) -> peers.Stars:
    def predict(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
        assert "rating" not in asked
        return np.full(len(asked), stars)

    return predict


def first_movies(dataset: Dataset) -> peers.MakeLists:
    """The ten movies of the lowest number, for everybody."""
    return lambda: np.tile(np.arange(10), (dataset.n_users, 1))


def nothing(dataset: Dataset) -> peers.MakeLists:
    return lambda: [np.array([], dtype=int)] * dataset.n_users


OURS = Entry("this course", ("threes", constant(3)), ("first", first_movies))
PEER = Entry("peer", ("fours", constant(4)), ("none", nothing), module="peer")
LISTS_ONLY = Entry("lister", lists=("first", first_movies), module="lister")


def test_a_table_of_what_each_library_can_do(course: Course, data_folder: Path) -> None:
    code = load_code(course, course.solutions)
    dataset = read(code, open_folder(data_folder, "a test"))
    found = [Measured(entry) for entry in (OURS, PEER, LISTS_ONLY)]
    steps: list[int] = []
    step: Callable[[], None] = lambda: steps.append(1)  # noqa: E731
    frame = pd.DataFrame({"user_idx": [0, 1], "movie_idx": [1, 0], "rating": [3.0, 3.0]})
    measure_stars(found, frame, frame, step)
    measure_lists(code, found, dataset, step)
    assert len(steps) == 6
    ours, peer, lister = found
    assert (ours.rmse, peer.rmse, lister.rmse) == ([0], [1], [])
    assert ours.ndcg == lister.ndcg
    assert ours.ndcg[0] > peer.ndcg[0] == 0
    console = Console(file=io.StringIO(), width=120)
    console.print(peers.table(found))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "0.0000" in shown
    assert "1.0000" in shown
    assert "lister" in shown


def test_a_time_is_the_median_and_its_multiple_of_the_first_row() -> None:
    assert duration([3.0, 1.0, 2.0], [0.5]) == "2.00 s (4×)"
    assert duration([], [0.5]) == "–"


@pytest.mark.parametrize(
    ("error", "ndcg", "met"),
    [(0.9, 0.37, [True, True]), (0.8, 0.37, [False, True]), (0.9, 0.40, [True, False])],
)
def test_goals_are_about_the_best_of_ours_beside_every_peer(
    error: float, ndcg: float, met: list[bool]
) -> None:
    ours = [Measured(OURS, rmse=[0.88], ndcg=[0.36]), Measured(OURS, rmse=[0.95], ndcg=[0.3])]
    found = [*ours, Measured(PEER, rmse=[error], ndcg=[ndcg]), Measured(LISTS_ONLY, ndcg=[0.1])]
    assert list(goals_met(found).values()) == met


def test_a_library_that_is_not_installed_is_known_to_be_absent() -> None:
    assert OURS.is_here
    assert not Entry("absent", module="no_such_library").is_here
    assert all(peer.module for peer in peers.PEERS)
