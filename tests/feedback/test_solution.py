"""`course solution`: the reference, once a task has passed."""

import io
import json
import shutil

import pytest
from rich.console import Console

from grading.feedback import progress
from grading.feedback.solution import (
    NoSolution,
    functions,
    handed_out,
    show_solution,
)
from grading.manifest import HANDED_OUT, Course

OWN = """\
def add(numbers):
    total = 0
    for one in numbers:
        total += one
    return total
"""


def shown(course: Course, task: str = "1.1", width: int = 80) -> str:
    file = io.StringIO()
    show_solution(Console(file=file, width=width), course, course.task(task))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


@pytest.fixture
def solved(in_tiny: Course) -> Course:
    """The tiny course; 1.1 has passed, and its module holds code of one's own."""
    part = in_tiny.part(1)
    path = in_tiny.exercises / part.path
    path.write_text(path.read_text().split("def add")[0] + OWN)
    progress.save(in_tiny.root, progress.Progress(points={"1.1": 100}))
    return in_tiny


def test_a_task_that_has_not_passed_shows_nothing_but_the_way_on(solved: Course) -> None:
    with pytest.raises(NoSolution, match=r"1\.2 subtract has not passed yet: 0 of \d+") as raised:
        shown(solved, "1.2")
    assert "course check 1.2   a hint: course hint 1.2" in str(raised.value)


def test_reference_and_own_code_stand_below_each_other_without_markers(solved: Course) -> None:
    said = shown(solved)
    assert said.index("the reference") < said.index("return sum(numbers)")
    assert said.index("return sum(numbers)") < said.index("yours") < said.index("total += one")
    assert "The sum." not in said
    assert "SOLUTION" not in said and "TODO" not in said and "subtract" not in said


def test_on_a_wide_terminal_they_stand_beside_each_other(solved: Course) -> None:
    (line,) = (line for line in shown(solved, width=160).splitlines() if "def add" in line)
    assert line.count("def add") == 2


def test_untouched_modules_give_way_to_the_notebook(solved: Course) -> None:
    part = solved.part(1)
    shutil.copy(solved.root / "exercises/.stubs" / part.path, solved.exercises / part.path)
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": OWN, "outputs": []}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (solved.exercises / part.notebook).write_text(json.dumps(book))
    assert "total += one" in shown(solved)


def test_a_module_that_is_no_python_is_named(solved: Course) -> None:
    (solved.exercises / solved.part(1).path).write_text("def add(:")
    with pytest.raises(NoSolution, match=r"sums\.py cannot be read: invalid syntax"):
        shown(solved)


def test_without_solutions_only_what_was_handed_out_is_shown(solved: Course) -> None:
    encoded = handed_out(solved)
    assert b"sum(numbers)" not in encoded
    shutil.rmtree(solved.solutions)
    with pytest.raises(NoSolution, match="no solutions; ask whoever handed it out"):
        shown(solved)
    (solved.root / HANDED_OUT).write_bytes(encoded)
    assert "return sum(numbers)" in shown(solved)


def test_every_task_of_the_course_has_a_solution_and_something_to_compare(course: Course) -> None:
    for task in course.tasks.values():
        text = functions((course.solutions / course.part(task.part).path).read_text(), task)
        assert "def " in text, task.id
        assert task.compare.endswith("."), task.id
