"""`course check 3.2 --repro`: the first failing check of a task as lines to paste into Python."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grading.checks.runner import Probe
from grading.checks.student import Student
from grading.feedback.messages import check_block
from grading.feedback.results import Outcome
from grading.feedback.run import run_checks
from grading.manifest import Course, Part, Task
from grading.states import NOT_STARTED


class NothingToReproduce(Exception):
    """No check of the task gives a call that fails; the message says why."""


class Calls:
    """A pytest plugin that keeps the last call of each check: the probe and its inputs."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[Probe, dict[str, Any]]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        student: Student | None = getattr(item, "funcargs", {}).get("student")
        if student is not None and student.last_run is not None:
            self.last[item.name] = student.last_run


def repro(course: Course, task: Task) -> str:
    """Lines of Python that call the student's module as the first failing check of `task` does.

    Raises:
        NothingToReproduce: every check passes, or the task is not started.
    """
    part, calls = course.part(task.part), Calls()
    outcomes = run_checks(course, part, tasks=[task.id], plugins=[calls])
    failure = next((outcome for outcome in outcomes if outcome.state != "passed"), None)
    path = f"exercises/{part.path.as_posix()}"
    if failure is None:
        raise NothingToReproduce(f"{task.id} passes in {path}: there is nothing to reproduce")
    if failure.state in NOT_STARTED:
        needed = failure.needs or task.id
        raise NothingToReproduce(
            f"{needed} is not started in {path}; --repro reads the module. "
            f'In a notebook, check("{task.id}") shows the call'
        )
    return "\n".join(_lines(course, part, failure, *calls.last[failure.check])) + "\n"


def _lines(
    course: Course, part: Part, failure: Outcome, probe: Probe, inputs: dict[str, Any]
) -> Iterator[str]:
    module, probes = part.path.stem, probe.__module__.split(".")[-1]
    yield from (f"# {line}" for line in check_block(course, failure))
    yield "import sys"
    yield f"sys.path.insert(0, {str(course.root)!r})"
    yield "from numpy import array"
    yield f"from exercises.{part.folder} import {module}, {probes}"
    yield "from grading.checks.runner import seed_everything"
    yield "inputs = {"
    yield from (f"    {name!r}: {_literal(value)}," for name, value in inputs.items())
    yield "}"
    yield "seed_everything(0)"
    yield f"print({probes}.{probe.__name__}({module}, **inputs))"


def _values(array: np.ndarray) -> Any:
    """As lists; float32 with as few digits as distinguish it from its neighbours."""
    if array.dtype != np.float32:
        return array.tolist()
    return np.array([float(str(number)) for number in array.ravel()]).reshape(array.shape).tolist()


def _literal(value: Any) -> str:
    """Python source of a plain value, with the dtype of arrays."""
    match value:
        case np.ndarray():
            shape = "" if value.size else f".reshape({value.shape})"
            return f"array({_literal(_values(value))}, dtype={value.dtype.name!r}){shape}"
        case dict():
            return (
                "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
            )
        case list() | tuple():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case float() if value != value or abs(value) == float("inf"):
            return f'float("{value}")'
        case np.generic():
            return repr(value.item())
    return repr(value)
