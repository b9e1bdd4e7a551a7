"""A notebook earns what the same code earns as a module."""

import pytest

from authoring.audit import submissions
from benchmarks.notebook_parity import compare
from grading.manifest import Course

EVERY = 60  # `python -m benchmarks.notebook_parity` takes all


@pytest.mark.slow
def test_modules_and_notebooks_get_the_same_points(course: Course) -> None:
    chosen = [
        one for part in course.parts for one in list(submissions(course, [part.number]))[::EVERY]
    ]
    assert len(chosen) > 14
    compared = compare(course, chosen, jobs=2)
    assert [line for one in compared for line in one.differences] == []
    assert sum(sum(one.notebook.values()) for one in compared) > 50
