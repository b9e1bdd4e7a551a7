"""A notebook earns what the same code earns as a module."""

from pathlib import Path

import pytest

from benchmarks.notebook_parity import compare
from grading.audit import submissions
from grading.manifest import Course

EVERY = 25  # `python -m benchmarks.notebook_parity` takes all


def test_modules_and_notebooks_get_the_same_points(course: Course) -> None:
    chosen = [
        one for part in course.parts for one in list(submissions(course, [part.number]))[::EVERY]
    ]
    assert len(chosen) > 20
    compared = compare(course, chosen, jobs=2, with_nbgrader=False)
    assert [line for one in compared for line in one.differences] == []
    assert sum(sum(one.notebook.values()) for one in compared) > 100


def test_so_does_nbgrader(course: Course) -> None:
    pytest.importorskip("nbgrader")
    everything = {one.path: one for one in submissions(course, [1, 3])}
    folder = course.root / "tests"
    names = ("right/part1/lambdas.py", "right/part3/chatty.py", *_first_wrong(folder))
    chosen = [everything[folder / name] for name in names]
    compared = compare(course, chosen, jobs=1, with_nbgrader=True)
    assert [line for one in compared for line in one.differences] == []
    assert all(one.nbgrader for one in compared)


def _first_wrong(folder: Path) -> list[str]:
    paths = sorted((folder / "wrong" / "part3").glob("*.py"))[:2]
    return [path.relative_to(folder).as_posix() for path in paths]
