"""A notebook earns what the same code earns as a module."""

import pytest

from benchmarks.notebook_parity import compare
from benchmarks.parity import every
from grading.manifest import Course

EVERY = 65  # `python -m benchmarks.notebook_parity` takes all


@pytest.mark.slow
def test_modules_and_notebooks_get_the_same_points(course: Course) -> None:
    chosen = every(course, EVERY)
    assert {one.part for one in chosen} == {part.number for part in course.parts}
    compared = compare(course, chosen, jobs=1)
    assert [line for one in compared for line in one.differences] == []
    assert sum(points for one in compared for points, _ in one.there.values()) > 50
