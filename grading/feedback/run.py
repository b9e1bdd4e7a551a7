"""Run the checks of one part in this process and return their outcomes."""

import os
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from grading.checks.limits import time_limit
from grading.checks.student import InProcess, Runner
from grading.feedback.plugin import RUNNER, cause, recorded
from grading.feedback.results import Outcome
from grading.manifest import Course, Part

QUIET = (
    "-pno:cacheprovider",
    "-pno:logging",  # it would set up every logger again for each check
)
ALONE = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"

Result = TypeVar("Result")
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
    recorder = Recorder(runner)
    options = [f"--seed={seed}", *(f"--task={task}" for task in tasks)]
    if submission is not None:
        options.append(f"--submission={submission}")
    _start(course, [part], options, recorder, *plugins, hidden=hidden)
    return recorder.outcomes


class Checks(Recorder):
    """The checks of some parts, collected once and run many times."""

    def __init__(self, use: "Callable[[Checks], Any]") -> None:
        super().__init__()
        self.use = use
        self.result: Any = None
        self.error: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        try:
            self.result = None if self.not_collected else self.use(self)
        except BaseException as error:  # pytest would take it for one of its own
            self.error = error
        return True

    def run(
        self,
        part: Part,
        submission: Path,
        seed: int = 0,
        tasks: Collection[str] = (),
        runner: Runner | None = None,
    ) -> Iterator[Outcome]:
        """As `run_checks`, but each check runs only when its outcome is asked for."""
        config = self.session.config
        config.option.submission, config.option.seed = submission, seed
        config.stash[RUNNER] = runner or InProcess()
        wanted = tasks or [task.id for task in part.tasks]
        for item in self.session.items:
            mark = item.get_closest_marker("task")
            if mark and mark.kwargs["id"] in wanted:
                self.outcomes.clear()
                config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                yield from self.outcomes


def with_checks(course: Course, parts: Collection[Part], use: Callable[[Checks], Result]) -> Result:
    """What `use` returns for the checks of these parts, which it may also run in forks.

    Raises:
        ChecksError: as `run_checks`.
    """
    checks = Checks(use)
    # in memory: forks would share the file to which pytest writes what they print
    _start(course, parts, ["--capture=sys"], checks)
    if checks.error is not None:
        raise checks.error
    return checks.result


def _start(
    course: Course,
    parts: Iterable[Part],
    options: Iterable[str],
    recorder: Recorder,
    *plugins: object,
    hidden: Iterable[Path] = (),
) -> None:
    folders = [part.folder for part in parts]
    files = [str(course.exercises / folder / f"test_{folder}.py") for folder in folders]
    files += map(str, hidden)
    with _own_settings():
        status = pytest.main(
            [*files, *options, f"--rootdir={course.root}", "-pno:terminal", *QUIET],
            plugins=[recorder, *plugins],
        )
    if recorder.not_collected:
        _forget(files)
        raise ChecksError("; ".join(recorder.not_collected))
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise ChecksError(f"pytest could not run the checks of {', '.join(folders)}: {status!r}")


def _forget(files: Collection[str]) -> None:
    """Drop modules that failed on their import: pytest keeps them, and finds no check in them the
    next time."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in files:
            del sys.modules[name]


@contextmanager
def _own_settings() -> Iterator[None]:
    """Ignore the pytest options of whoever grades, and all plugins that are merely installed."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", ALONE)
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ[ALONE] = "1"
    try:
        yield
    finally:
        del os.environ[ALONE]
        os.environ.update(kept)
