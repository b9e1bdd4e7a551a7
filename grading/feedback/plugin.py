"""The pytest plugin: the fixtures of checks, and their results in plain words.

It acts only on tests marked with `task`; every other test, and every option of pytest, works as
usual. The report of a check that fails carries its block as text, so that JUnit XML and
editors show what the student needs and nothing of the check. With `--tb` given, it carries pytest's
own traceback.
"""

import argparse
import sys
import traceback
import warnings
import zlib
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grading import manifest
from grading.checks.calls import reached
from grading.checks.expect import CheckFailed
from grading.checks.limits import TimeIsUp
from grading.checks.points import points_in
from grading.checks.runner import module_name
from grading.checks.show import on_one_line
from grading.checks.student import InProcess, Runner, Student, StudentError
from grading.feedback import progress
from grading.feedback.known_errors import looks_like
from grading.feedback.messages import check_block, lines, place_in
from grading.feedback.results import Outcome, TaskResult, task_results
from grading.manifest import Course, Part, Task
from grading.states import SHOWN

RUNNER = pytest.StashKey[Runner]()  # where the student's code runs
WARNINGS = pytest.StashKey[list[warnings.WarningMessage]]()  # of one check
MOST_WARNINGS = 3
OF_NO_CONCERN = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
TIMES: dict[str | None, str] = {  # what an exceeded time limit looks like, by its cause
    "loop": "a loop that never ends, or far more work than the task needs",
    "wait": "code that waits for something: an answer, a file, a lock, or the end of a sleep",
    "import": "a busy machine or a slow disk: run the checks again",
    "busy": "a busy machine, or code that waits for something: run the checks again",
}
OUTCOME = "course outcome"  # the key under which a report carries its outcome
Row = tuple[str, str]  # label and text


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption(
        "--submission",
        type=Path,
        metavar="PATH",
        help="check a module or notebook, or those in PATH/part1 and so on (default: exercises)",
    )
    group.addoption(
        "--task",
        action="append",
        default=[],
        metavar="ID",
        help="run the checks of one task, such as 3.2; may be given several times",
    )
    group.addoption(
        "--seed", type=_seed, default=0, metavar="N", help="draw the inputs of the checks from N"
    )


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 on, got {text!r}")
    return int(text)


def pytest_configure(config: pytest.Config) -> None:
    config.args = [_from_the_course_folder(config, argument) for argument in config.args]
    config.addinivalue_line("markers", "task(id, points): a check of one task of the course")
    config.stash.setdefault(RUNNER, InProcess())
    try:
        for task_id in config.getoption("--task"):
            _course(config.rootpath).task(task_id)
    except manifest.ManifestError as error:
        raise pytest.UsageError(str(error)) from None


def _from_the_course_folder(config: pytest.Config, argument: str) -> str:
    """A path as the lessons write it, such as exercises/part3, also from inside that folder."""
    path = argument.split("::")[0]
    if (config.invocation_params.dir / path).exists() or not (config.rootpath / path).exists():
        return argument
    return str(config.rootpath / argument)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = set(config.getoption("--task"))
    if not wanted:
        return
    chosen = [item for item in items if (mark := _mark(item)) and mark.kwargs["id"] in wanted]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


# Fixtures


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The module under test; `student.run(probe, **inputs)` returns evidence."""
    course, part = _course_and_part(request.node)
    submission = (request.config.getoption("--submission") or course.exercises).resolve()
    path = submission if submission.suffix in (".py", ".ipynb") else submission / part.path
    return Student(path, request.config.getoption("--seed"), request.config.stash[RUNNER])


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random inputs: new ones for each check and each `--seed`, the same when run again."""
    return np.random.default_rng(
        [request.config.getoption("--seed"), zlib.crc32(request.node.name.encode())]
    )


# Outcomes


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Keep warnings for the check's block instead of printing them above it."""
    if _mark(item) is None:
        return (yield)
    with warnings.catch_warnings(record=True) as item.stash[WARNINGS]:
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    mark = _mark(item)
    if mark is None or call.when == "teardown" or (call.when == "setup" and not call.excinfo):
        return report
    outcome = _outcome(item, mark, call, report.capstdout)
    report.user_properties.append((OUTCOME, asdict(outcome)))
    if outcome.state != "passed" and item.config.option.tbstyle in ("auto", "no"):
        course, _ = _course_and_part(item)
        report.longrepr = Block(check_block(course, outcome))  # type: ignore[assignment]
    return report


@dataclass(frozen=True)
class Block:
    """What a student reads about one check, in the form that pytest's reports ask for."""

    lines: tuple[str, ...]

    @property
    def reprcrash(self) -> SimpleNamespace:
        """Where JUnit XML takes the message from."""
        return SimpleNamespace(message=self.lines[0])

    def toterminal(self, out: Any) -> None:
        for line in self.lines:
            out.line(line)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def _warned(item: pytest.Item, file: str) -> list[Row]:
    """What Python, numpy or torch said about the student's code, each thing once."""
    texts = []
    for warning in item.stash.get(WARNINGS, []):
        text = on_one_line(f"{warning.category.__name__}: {warning.message}")
        if warning.filename == file and file.endswith(".py"):
            text += f" (line {warning.lineno})"
        if not issubclass(warning.category, OF_NO_CONCERN):
            texts.append(text)
    return [("warned", text) for text in dict.fromkeys(texts)][:MOST_WARNINGS]


def _outcome(item: pytest.Item, mark: pytest.Mark, call: pytest.CallInfo, printed: str) -> Outcome:
    found: dict[str, Any] = {
        "task": mark.kwargs["id"],
        "points": mark.kwargs["points"],
        "requirement": (getattr(item, "function", item).__doc__ or item.name).strip(),
        "state": "passed",
        "number": item.location[1],
        "seconds": call.duration,
        "printed": printed,
        "check": item.name,
        "hidden": not item.path.is_relative_to(_course(item.path.parent).exercises),
    }
    student: Student | None = getattr(item, "funcargs", {}).get("student")
    if student is not None:
        found |= {"called": student.last_call, "file": str(student.path)}
    if call.excinfo is None:
        return Outcome(**found)
    error, (course, part) = call.excinfo.value, _course_and_part(item)
    found |= {"state": "broken", "at": _line_of_check(item, error)}
    warned = _warned(item, found.get("file", ""))
    if student is not None:
        found["stands_on"] = _stands_on(student.path, course, part, found["task"])
    match error:
        case CheckFailed():
            found |= {"state": "wrong", "rows": (*error.rows, *warned)}
            found |= {"problem": error.problem, "looks_like": error.looks_like}
        case StudentError():
            place = ("file", "loading", "line", "cell")
            found |= {name: getattr(error, name) for name in place}
            found |= _stopped(error, course.task(found["task"]), part, warned)
        case pytest.skip.Exception():
            found["problem"] = "skipped: a check must pass or fail"
        case TimeIsUp():
            found |= {"state": "timeout", "problem": f"the check was stopped: {error}"}
        case _:
            text = on_one_line(call.excinfo.exconly())
            found["problem"] = f"the check itself broke: {text}"
    return Outcome(**found)


def _line_of_check(item: pytest.Item, error: BaseException) -> str:
    """The place in the check at which it was stopped, as a path from the course folder."""
    frames = traceback.walk_tb(error.__traceback__)
    own = [line for frame, line in frames if Path(frame.f_code.co_filename) == item.path]
    return f"{_from_root(item.path)}, line {own[-1] if own else (item.location[1] or 0) + 1}"


def _stands_on(path: Path, course: Course, part: Part, task_id: str) -> tuple[str, ...]:
    """The earlier tasks of the part whose functions this task's call, if the module is loaded.

    Classes and constructors do not count: what is wrong with one rarely shows in a subclass.
    """
    module = sys.modules.get(module_name(path))
    if module is None:
        return ()
    used = {name for symbol in course.task(task_id).symbols for name in reached(module, symbol)}
    ids = [task.id for task in part.tasks]
    earlier = part.tasks[: ids.index(task_id)] if task_id in ids else ()
    classes = {name for name in used if isinstance(getattr(module, name, None), type)}
    used -= classes | {f"{name}.__init__" for name in classes}
    return tuple(task.id for task in earlier if used.intersection(task.symbols))


def _stopped(error: StudentError, task: Task, part: Part, warned: Iterable[Row]) -> dict[str, Any]:
    """What is said of a check for which the student's code gave no evidence."""
    match error.reason:
        case "not_started" if error.todo == task.id:
            return {"state": "not_started", "problem": error.error}
        case "not_started":
            return {"state": "blocked", "needs": error.todo}
        case "missing" | "malformed":
            known = {symbol.split(".")[-1] for one in part.tasks for symbol in one.symbols}
            renamed = (name for name in error.similar if name not in known)
            rows = tuple(("found", f"{name}: is that it?") for name in renamed)[:1]
            return {"state": error.reason, "problem": error.error, "rows": rows}
    in_task = next((other.id for other in part.tasks if error.function in other.symbols), task.id)
    found: dict[str, Any] = {"needs": in_task if in_task != task.id else None}
    where = place_in(Path(error.file or "").name, error.cell, error.line)
    place = f" in {where}" * bool(error.line)
    source = [(f"line {error.line}", error.source)] if error.source else []
    if error.reason == "timeout":
        return found | {
            "state": "timeout",
            "problem": f"stopped{place}: {error.error}",
            "rows": tuple(source),
            "looks_like": TIMES.get(error.cause, TIMES["loop"]),
        }
    return found | {
        "state": "memory" if error.reason == "memory" else "crashed",
        "problem": f"crashed with {error.error.split(':')[0]}{place}",
        "rows": (("error", error.error), *source, *warned),
        "looks_like": looks_like(error.error),
    }


# Checks that cannot be imported


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Say first what is wrong with a file of checks, and where."""
    report = yield
    call = getattr(report, "call", None)
    if report.failed and call is not None and collector.path.name.startswith("test_part"):
        text = cause(call.excinfo.value, collector.config.rootpath)
        report.longrepr = f"{text}\n\n{report.longrepr}"
    return report


def cause(error: BaseException, root: Path) -> str:
    """What kept a file of the course from being imported, with its line: pytest wraps it."""
    if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, SyntaxError):
        file, line, text = error.filename, error.lineno, error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).is_relative_to(root)]
        file, line, text = (own[-1].filename, own[-1].lineno, str(error)) if own else ("", 0, "")
    if not file:
        return on_one_line(f"{type(error).__name__}: {error}")
    path = Path(file)
    place = path.relative_to(root) if path.is_relative_to(root) else path
    return f"{place.as_posix()}, line {line}: {on_one_line(f'{type(error).__name__}: {text}')}"


# What the terminal shows


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> Generator[None, Any, Any]:
    status = yield  # editors listen to this hook
    outcome = recorded(report)
    if outcome is None or outcome.state == "passed" or config.option.tbstyle != "auto":
        return status
    # A category of its own keeps pytest from printing the report.
    shown = SHOWN[outcome.state]
    return outcome.state.replace("_", " "), shown.letter, shown.word.upper()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    outcomes = [
        outcome
        for reports in terminalreporter.stats.values()
        for report in reports
        if (outcome := recorded(report)) is not None
    ]
    if not outcomes:
        return
    outcomes.sort(key=lambda outcome: outcome.number)  # stats are grouped by category
    course = _course(config.rootpath)
    results = _with_unchecked(course, task_results(course, outcomes))
    unsolved = None
    if config.getoption("--submission") is None:
        progress.record(course.root, [result for result in results if not result.unchecked])
        if all(result.state == "passed" for result in results):
            unsolved = progress.unsolved(course, progress.load(course.root), course.parts)
    terminalreporter.ensure_newline()
    terminalreporter.section("tasks", sep="=")
    for line, colour in lines(course, results, unsolved):
        markup = {colour: True} if colour else {}
        terminalreporter.write_line(line, **markup)


def _with_unchecked(course: Course, results: list[TaskResult]) -> list[TaskResult]:
    """Each result with the points of the checks that -k or -x left out."""
    worth: dict[str, int] = {}
    for folder in {course.part(result.task.part).folder for result in results}:
        worth |= points_in(course.exercises / folder / f"test_{folder}.py")
    missing = (worth.get(result.task.id, 0) - result.max_score for result in results)
    return [
        replace(result, unchecked=max(points, 0))
        for result, points in zip(results, missing, strict=True)
    ]


def recorded(report: Any) -> Outcome | None:
    plain = dict(getattr(report, "user_properties", ())).get(OUTCOME)
    return Outcome.from_plain(plain) if plain else None


def _from_root(path: Path) -> str:
    """The path relative to the course folder, if it lies inside it."""
    root = _course(path.parent).root
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _mark(item: pytest.Item) -> pytest.Mark | None:
    return item.get_closest_marker("task")


def _course_and_part(item: pytest.Item) -> tuple[Course, Part]:
    """The course and the part that a check belongs to, from its folder: …/part3/test_part3.py."""
    course = _course(item.path.parent)
    return course, course.part(int(item.path.parent.name.removeprefix("part")))


@cache
def _course(start: Path) -> Course:
    return manifest.load(manifest.find_root(start))
