"""Statistics about a class, separate from the pages that show them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

from grading.batch.records import Record, TaskRecord, task_key
from grading.states import NOT_STARTED

Result = Literal["passed", "partly", "failed", "not started"]
RESULTS: tuple[Result, ...] = ("passed", "partly", "failed", "not started")
BINS = 10  # bins of the distribution, all of equal width


@dataclass(frozen=True)
class TaskFigures:
    """How a class did at one task."""

    id: str
    title: str
    results: dict[Result, int]
    states: dict[str, int]

    @property
    def n(self) -> int:
        return sum(self.results.values())

    def share(self, result: Result) -> float:
        return self.results[result] / self.n if self.n else 0.0


@dataclass(frozen=True)
class Distribution:
    """Of percentages: how many are in each tenth (100 belongs to the last), mean and median."""

    counts: tuple[int, ...]
    mean: float | None
    median: float | None

    @property
    def n(self) -> int:
        return sum(self.counts)


def distribution(percents: Sequence[float]) -> Distribution:
    tenths = Counter(min(int(percent * BINS // 100), BINS - 1) for percent in percents)
    counts = tuple(tenths[tenth] for tenth in range(BINS))
    if not percents:
        return Distribution(counts, None, None)
    return Distribution(counts, fmean(percents), median(percents))


def task_figures(records: Iterable[Record]) -> list[TaskFigures]:
    """One entry for each task in the records, in the order of the course."""
    found: dict[str, list[TaskRecord]] = {}
    for record in records:
        for task in record.tasks:
            found.setdefault(task.id, []).append(task)
    return [_figures(found[task_id]) for task_id in sorted(found, key=task_key)]


def result(task: TaskRecord) -> Result:
    """The state, with those that are equivalent for a class merged."""
    if task.state == "passed":
        return "passed"
    if task.score > 0:
        return "partly"
    if task.state in NOT_STARTED:
        return "not started"
    return "failed"


def _figures(tasks: Sequence[TaskRecord]) -> TaskFigures:
    results = Counter(result(task) for task in tasks)
    states = Counter(str(task.state) for task in tasks)
    counts = {name: results[name] for name in RESULTS}
    return TaskFigures(tasks[0].id, tasks[0].title, counts, dict(states))
