"""`pytest` and `course grade` give the same points, and a difference would not go unnoticed."""

import subprocess
import sys
from pathlib import Path

import pytest

from authoring.audit import Submission
from benchmarks.parity import Comparison, compare, every, self_contained
from grading.manifest import Course
from tests.courses import ROOT

OTHERWISE_BEHIND_A_WALL = '''\
"""Solved, but only where it can see the path of programs, which a worker does not have."""

import os

from solutions.part1.neighbours import *

if "PATH" not in os.environ:

    def centre_ratings(ratings):
        return ratings
'''


@pytest.fixture(scope="module")
def compared(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Comparison]:
    """Two modules of each part; the first of them does not do the same on both sides."""
    path = tmp_path_factory.mktemp("parity") / "otherwise.py"
    path.write_text(OTHERWISE_BEHIND_A_WALL, encoding="utf-8")
    return compare(course, [Submission("wrong", 1, path), *every(course, 65)[1:]], jobs=1)


@pytest.mark.slow
def test_the_points_are_the_same_in_process_and_behind_the_wall(
    compared: list[Comparison], course: Course
) -> None:
    *sample, _ = sorted(compared, key=lambda one: one.submission.path.name == "otherwise.py")
    assert {one.submission.part for one in sample} == {part.number for part in course.parts}
    assert {one.submission.kind for one in sample} == {"wrong", "right"}
    for one in sample:
        assert one.here, f"no check was run on {one.submission.path}"
        assert list(one.differences) == [], one.submission.path


@pytest.mark.slow
def test_code_that_does_something_else_behind_the_wall_is_noticed(
    compared: list[Comparison],
) -> None:
    (otherwise,) = [one for one in compared if one.submission.path.name == "otherwise.py"]
    differences = list(otherwise.differences)
    assert differences[0].startswith("1.1 test_centring_subtracts_the_users_mean: passed (1 points")
    assert differences[0].endswith("wrong (0 points) in the sandbox")
    assert {difference[:3] for difference in differences} == {"1.1"}, "and nothing else is"


WRONG = Submission("wrong", 1, Path("wrong.py"))


@pytest.mark.parametrize(
    ("in_process", "sandboxed", "difference"),
    [
        ((0, "wrong"), (0, "crashed"), "wrong (0 points) in process, crashed (0 points) in"),
        ((2, "passed"), (1, "passed"), "passed (2 points) in process, passed (1 points) in"),
        ((2, "passed"), None, "passed (2 points) in process, not run in"),
        (None, (2, "passed"), "not run in process, passed (2 points) in"),
    ],
)
def test_another_state_other_points_and_a_check_that_was_not_run_are_differences(
    in_process: tuple[int, str] | None, sandboxed: tuple[int, str] | None, difference: str
) -> None:
    found = [{"1.1 test_a": end} if end else {} for end in (in_process, sandboxed)]
    assert list(Comparison(WRONG, *found).differences) == [f"1.1 test_a: {difference} the sandbox"]
    assert list(Comparison(WRONG, found[0], found[0]).differences) == []


def test_a_self_contained_module_runs_where_there_are_no_solutions(
    course: Course, tmp_path: Path
) -> None:
    path = tmp_path / "neighbours.py"
    path.write_text(
        '"""Words."""\n\nfrom __future__ import annotations\n\n'
        "from solutions.part1 import neighbours as reference\n"
        "from solutions.part1.neighbours import *\n"
        "print(reference.centre_ratings is centre_ratings, centre_ratings.__module__, __doc__)\n",
        encoding="utf-8",
    )
    path.write_bytes(self_contained(course, path))
    command = [sys.executable, "-P", path.name]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "True solutions.part1.neighbours Words.\n"


def test_a_module_that_needs_no_solutions_stays_as_it_is(course: Course) -> None:
    path = ROOT / "tests/right/part3/einsum.py"
    assert self_contained(course, path) == path.read_bytes()
