"""`course check 3.2 --repro`: the first failing check of a task as lines to paste into Python."""

import ast
import builtins
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grading.checks.expect import CheckFailed
from grading.checks.runner import Probe
from grading.checks.show import show
from grading.checks.student import Student
from grading.feedback.messages import check_block
from grading.feedback.run import run_checks
from grading.manifest import Course, Part, Task
from grading.states import NOT_STARTED


class NothingToReproduce(Exception):
    """No check of the task gives a call that fails; the message says why."""


class Calls:
    """A pytest plugin that keeps the last call of each check, the probe and its inputs, and what
    the check expected."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[Probe, dict[str, Any]]] = {}
        self.expected: dict[str, Any] = {}

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> None:
        if call.excinfo is not None and isinstance(failed := call.excinfo.value, CheckFailed):
            self.expected[item.name] = failed.expected

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
    lines = [
        *check_block(course, failure),
        *_in_full(calls.expected.get(failure.check)),
    ]
    code = _code(course, part, *calls.last[failure.check])
    return "\n".join([*(f"# {line}" for line in lines), *code]) + "\n"


def _in_full(expected: Any) -> Iterator[str]:
    """A value that the message shows truncated."""
    if isinstance(expected, str) or "…" not in show(expected):
        return
    yield "    expected, in full:"
    with np.printoptions(threshold=sys.maxsize):
        yield from (f"    {line}" for line in str(expected).splitlines())


def _code(course: Course, part: Part, probe: Probe, inputs: dict[str, Any]) -> Iterator[str]:
    module, probes = part.path.stem, probe.__module__.split(".")[-1]
    yield "import sys"
    yield f"sys.path.insert(0, {str(course.root)!r})"
    yield "from numpy import array"
    yield "from grading.checks.runner import seed_everything"
    literals = {name: _literal(value) for name, value in inputs.items()}
    if (typed := _as_typed(probe)) is not None:
        call, imports = typed
        yield f"from exercises.{part.folder}.{module} import {', '.join(imports)}"
        yield from (f"{name} = {literal}" for name, literal in literals.items())
    else:
        yield f"from exercises.{part.folder} import {module}, {probes}"
        yield "inputs = {"
        yield from (f"    {name!r}: {literal}," for name, literal in literals.items())
        yield "}"
        call = f"{probes}.{probe.__name__}({module}, **inputs)"
    yield "seed_everything(0)"
    yield f"print({call})"


def _as_typed(probe: Probe) -> tuple[str, list[str]] | None:
    """What a probe does as a student types it, and the names to import from the student's module;
    None unless it is one expression of that module and the inputs alone."""
    function = ast.parse(textwrap.dedent(inspect.getsource(probe))).body[0]
    assert isinstance(function, ast.FunctionDef)
    match function.body:
        case [_, ast.Return(value=ast.expr() as value)]:
            pass
        case _:
            return None
    module, *inputs = (argument.arg for argument in function.args.args)
    own = set(re.findall(rf"\b{module}\.(\w+)", ast.unparse(value)))
    call = re.sub(rf"\b{module}\.", "", ast.unparse(value))
    names = [node for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    known = {*inputs, *own, *bound, *vars(builtins)}
    if not own or own & {*inputs} or any(node.id not in known for node in names):
        return None
    return call, sorted(own)


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
