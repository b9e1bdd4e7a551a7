"""Run the checks of one part in this process and return their outcomes."""

import os
import sys
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grading.checks.limits import time_limit
from grading.checks.student import Runner
from grading.feedback.plugin import RUNNER, cause, recorded
from grading.feedback.results import Outcome
from grading.manifest import Course, Part

QUIET = (
    "-pno:cacheprovider",
    "-pno:logging",  # it would set up every logger again for each check
)


CHECK_SECONDS = 30.0  # of computing in one check itself, while student code runs in a sandbox


class ChecksError(Exception):
    """Checks cannot be imported or run; the message says where and why."""


class Recorder:
    """A pytest plugin that keeps the outcome of each check, and says where student code runs."""

    def __init__(self, runner: Runner | None = None) -> None:
        self.runner = runner
        self.outcomes: list[Outcome] = []
        self.not_collected: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.tbstyle = "no"  # tracebacks are unused and slower than the checks
        if self.runner is not None:
            config.stash[RUNNER] = self.runner

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        """Forged evidence may keep the check itself busy."""
        if self.runner is None:
            return (yield)
        with time_limit(CHECK_SECONDS, waiting=False):  # for the worker, which has its own
            return (yield)

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo
    ) -> None:
        if isinstance(node, pytest.Collector) and call.excinfo is not None:
            self.not_collected.append(cause(call.excinfo.value, node.config.rootpath))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = recorded(report)
        if outcome is not None:
            self.outcomes.append(outcome)


def run_checks(
    course: Course,
    part: Part,
    submission: Path | None = None,
    seed: int = 0,
    runner: Runner | None = None,
    hidden: Iterable[Path] = (),
    tasks: Iterable[str] = (),
    plugins: Iterable[object] = (),
) -> list[Outcome]:
    """The outcomes of the checks of `part` on a module, a notebook or a folder of parts, in order.

    Prints nothing. Without a `runner`, the student's code is loaded into this process. `hidden` are
    files with further checks; `tasks` are those to check, if not all;
    `plugins` are pytest's.

    Raises:
        ChecksError: a file of checks cannot be imported, or pytest cannot run it.
    """
    hidden = list(hidden)
    recorder = Recorder(runner)
    arguments = [
        str(course.exercises / part.folder / f"test_{part.folder}.py"),
        *map(str, hidden),
        *(f"--task={task}" for task in tasks),
        f"--seed={seed}",
        f"--rootdir={course.root}",
        "-pno:terminal",
        *QUIET,
    ]
    if submission is not None:
        arguments.append(f"--submission={submission}")
    with _own_settings():
        status = pytest.main(arguments, plugins=[recorder, *plugins])
    if recorder.not_collected:
        _forget({arguments[0], *map(str, hidden)})
        raise ChecksError("; ".join(recorder.not_collected))
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise ChecksError(f"pytest could not run the checks of {part.folder}: {status!r}")
    return recorder.outcomes


def _forget(files: Collection[str]) -> None:
    """Drop modules that failed on their import: pytest keeps them, and finds no check in them the
    next time."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in files:
            del sys.modules[name]


@contextmanager
def _own_settings() -> Iterator[None]:
    """Ignore the pytest options in the environment of whoever grades."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
