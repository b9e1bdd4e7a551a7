"""What lessons claim, computed, and the code that they show, run."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from tests.exercises.test_worked_examples import learned, lesson

TASK = re.compile(r"^## \d\.\d .*?(?=^## )", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CENTRED = np.array(
    [[2, 1, -1, -2, np.nan], [0, np.nan, -2, np.nan, 2], [1, 0, -1, -1, 1], [-2, 0, 2, 2, -2]]
)
KNOWN = ~np.isnan(CENTRED)


def run(part: int) -> dict[str, Any]:
    """The names that are defined once the code between a lesson's tasks has run."""
    names: dict[str, Any] = {}
    torch.manual_seed(0)
    for code in CODE.findall(TASK.sub("", lesson(part))):
        exec(code, names)
    return names


def test_part_1_learns_a_mean_and_one_number_each(capsys: pytest.CaptureFixture[str]) -> None:
    names = run(1)
    assert capsys.readouterr().out.startswith("3.00")
    assert (names["week"][names["known"]].mean(), names["a"] @ names["b"]) == (21, 24)
    scale = names["movies"][0, 0] / 2
    users, movies = (names["users"] * scale).flatten(), (names["movies"] / scale).flatten()
    told = [0.75, 0.61, 0.41, -0.82, 2.00, 0.53, -2.26, -2.52, 2.69]
    assert [*users.tolist(), *movies.tolist()] == pytest.approx(told, abs=0.006)


def test_two_factors_each_have_fewer_degrees_of_freedom_than_there_are_ratings() -> None:
    """The rank of the Jacobian: the number of directions in which 18 numbers move the table."""
    rng = np.random.default_rng(0)
    users, movies = rng.normal(size=(4, 2)), rng.normal(size=(5, 2))
    moves = [np.outer(user, factor) for user in np.eye(4) for factor in movies.T]
    moves += [np.outer(factor, movie) for movie in np.eye(5) for factor in users.T]
    rank = np.linalg.matrix_rank([move.ravel() for move in moves])
    assert (len(moves), rank, KNOWN.sum()) == (18, 14, 17)
    for number in ("18 numbers", "14 degrees of freedom", "17 ratings"):
        assert number in lesson(1)


def test_eight_seeds_fill_the_gaps_alike() -> None:
    for seed in range(8):
        users, movies = learned(CENTRED, 2, seed)
        assert (users @ movies.T)[KNOWN] == pytest.approx(CENTRED[KNOWN], abs=1e-6)
        assert (users @ movies.T)[~KNOWN] == pytest.approx([1, -2, 0], abs=1e-6)
    assert "all eight fill them alike" in lesson(1)
