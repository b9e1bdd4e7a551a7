"""Which checks the audit runs on a wrong submission."""

from dataclasses import replace
from pathlib import Path

import pytest

from authoring.affected import affected, uses
from grading.manifest import Course
from tests.courses import forget_checks

USES = {"1.1": frozenset({"add"}), "1.2": frozenset({"add", "double"})}
OVERRIDES = "from solutions.part1.sums import *\n"


def test_what_a_task_s_checks_run_includes_what_its_function_calls(small: Course) -> None:
    forget_checks()
    assert uses(small, small.part(1), workers=2) == USES


def test_checks_that_run_nothing_of_the_solution_stop_the_audit(
    small: Course, tmp_path: Path
) -> None:
    forget_checks()
    (tmp_path / "linked").symlink_to(small.root)
    linked = replace(small, root=tmp_path / "linked")
    with pytest.raises(RuntimeError, match=r"the checks of 1\.1 run nothing of .*sums\.py"):
        uses(linked, small.part(1), workers=1)


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
