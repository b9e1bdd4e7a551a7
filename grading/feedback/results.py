"""From the outcomes of single checks to the result of each task."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from grading.manifest import Course, Task
from grading.states import State


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    `number` orders checks: the line on which the check stands in its file. `called`, `problem`,
    `rows` and `looks_like` explain a check that did not pass; `needs` is another task in which
    the student's code stopped before this one could be judged; `stands_on` are earlier tasks whose
    functions this one's call, where a check that ran judged it wrong. `loading` says that the
    student's file could not be imported, which then holds for every check of the part. `check` is
    the name of the check's function; `hidden` says that students do not have it. `at` is the place
    in the check where it stopped. "broken" is the fault of the check, not of the student.
    """

    task: str
    points: int
    requirement: str
    state: State
    number: int
    seconds: float
    called: str | None = None
    problem: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    looks_like: str | None = None
    needs: str | None = None
    stands_on: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    cell: str | None = None
    loading: bool = False
    printed: str = ""
    check: str = ""
    hidden: bool = False
    at: str = ""

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Outcome":
        rows = tuple((label, text) for label, text in plain["rows"])
        return cls(**{**plain, "rows": rows, "stands_on": tuple(plain["stands_on"])})


@dataclass(frozen=True)
class TaskResult:
    """`unchecked` are the points of the task's checks that did not run, as with `-k` or `-x`."""

    task: Task
    outcomes: tuple[Outcome, ...] = field(repr=False)
    unchecked: int = 0

    @property
    def score(self) -> int:
        return sum(outcome.points for outcome in self.outcomes if outcome.state == "passed")

    @property
    def max_score(self) -> int:
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def first_failure(self) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.state != "passed"), None)

    @property
    def state(self) -> State:
        failure = self.first_failure
        return failure.state if failure else "passed"


def task_results(course: Course, outcomes: Iterable[Outcome]) -> list[TaskResult]:
    """Group outcomes by task, in the order of the course.

    A check that stopped inside another task's code, or whose task calls it, is "blocked" while that
    other task fails; otherwise the failure stays here.
    """
    by_task: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_task.setdefault(outcome.task, []).append(outcome)
    unsolved = {
        task
        for task, found in by_task.items()
        if any(outcome.state != "passed" and outcome.needs is None for outcome in found)
    }
    return [
        TaskResult(task, tuple(_settled(outcome, unsolved) for outcome in by_task[task.id]))
        for task in course.tasks.values()
        if task.id in by_task
    ]


def _settled(outcome: Outcome, unsolved: set[str]) -> Outcome:
    at_fault = next(
        (task for task in (outcome.needs, *reversed(outcome.stands_on)) if task in unsolved), None
    )
    if outcome.state in ("wrong", "crashed", "timeout", "memory") and at_fault is not None:
        return replace(outcome, state="blocked", needs=at_fault)
    return outcome
