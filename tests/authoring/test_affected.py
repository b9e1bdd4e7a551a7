"""Which checks the audit runs on a wrong submission."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from authoring.affected import Uses, affected, run_on_solution
from grading.feedback.run import with_checks
from grading.manifest import Course
from tests.courses import forget_checks

USES = {"1.1": frozenset({"add"}), "1.2": frozenset({"add", "double"})}
OVERRIDES = "from solutions.part1.sums import *\n"


def on_solution(course: Course, root: Path) -> tuple[list[str], Uses]:
    """The states of the checks of part 1, and what they run of the solution below `root`."""
    forget_checks()
    part, solved = course.part(1), replace(course, root=root)
    outcomes, uses = with_checks(course, [part], partial(run_on_solution, solved, part))
    return [outcome.state for outcome in outcomes], uses


def test_what_a_task_s_checks_run_includes_what_its_function_calls(small: Course) -> None:
    states, uses = on_solution(small, small.root)
    assert set(states) == {"passed"}
    assert uses == USES


def test_checks_that_run_nothing_of_the_solution_stop_the_audit(
    small: Course, tmp_path: Path
) -> None:
    (tmp_path / "linked").symlink_to(small.root)
    with pytest.raises(RuntimeError, match=r"the checks of 1\.1 run nothing of .*sums\.py"):
        on_solution(small, tmp_path / "linked")


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("def double(number):\n    return number\n", ("1.2",)),
        ("def add(first, second):\n    return first\n", ("1.1", "1.2")),
        ("def helper(number):\n    return number\n", ("1.1",)),  # what it states to fail
        ("import operator\nfrom math import hypot as add\n", ("1.1", "1.2")),
    ],
)
def test_the_tasks_that_run_an_overridden_name_are_affected(
    small: Course, tmp_path: Path, text: str, tasks: tuple[str, ...]
) -> None:
    assert affected_by(small, tmp_path, f'"""Why."""\n\n{OVERRIDES}{text}', tasks[:1]) == tasks


@pytest.mark.parametrize(
    "text",
    [
        f"{OVERRIDES}double = abs\n",
        f"{OVERRIDES}if True:\n    def double(number):\n        return number\n",
        "def double(number):\n    return number\n",  # and add is missing
    ],
)
def test_a_file_that_does_more_than_to_override_may_affect_every_task(
    small: Course, tmp_path: Path, text: str
) -> None:
    assert affected_by(small, tmp_path, text, ["1.2"]) == ("1.1", "1.2")


def affected_by(course: Course, folder: Path, text: str, fails: list[str]) -> tuple[str, ...]:
    path = folder / "part1" / "wrong.py"
    path.parent.mkdir()
    path.write_text(f'{text}FAILS = {fails}\nSAYS = "words"\n', encoding="utf-8")
    return affected(course.part(1), path, fails, USES)
