"""Statistics about a class, separate from the pages that show them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Literal

from grading.batch.records import Record, TaskRecord, part_of, task_key
from grading.states import NOT_STARTED

Result = Literal["passed", "partly", "failed", "not started"]
RESULTS: tuple[Result, ...] = ("passed", "partly", "failed", "not started")
BINS = 10  # bins of the distribution, all of equal width
MOST_MISTAKES = 3  # shown per task


@dataclass(frozen=True)
class Mistake:
    """A recognised mistake in a task, how often it occurred, and in what share of the failures."""

    text: str
    count: int
    share: float


@dataclass(frozen=True)
class TaskFigures:
    """How a class did at one task."""

    id: str
    title: str
    results: dict[Result, int]
    states: dict[str, int]
    mistakes: tuple[Mistake, ...]

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
    counts = [0] * BINS
    for percent in percents:
        counts[min(max(int(percent * BINS // 100), 0), BINS - 1)] += 1
    if not percents:
        return Distribution(tuple(counts), None, None)
    return Distribution(tuple(counts), fmean(percents), median(percents))


def task_figures(records: Iterable[Record]) -> list[TaskFigures]:
    """One entry for each task in the records, in the order of the course."""
    found: dict[str, list[TaskRecord]] = {}
    for record in records:
        for task in told_once(record):
            found.setdefault(task.id, []).append(task)
    return [_figures(found[task_id]) for task_id in sorted(found, key=task_key)]


def told_once(record: Record) -> Iterator[TaskRecord]:
    """The tasks of a record. A mistake in the file itself is counted only for the first task that
    it blocks: one mistake is not as many as there are tasks."""
    told = set()
    for task in record.tasks:
        problem = task.message.split("\n")[0].removeprefix(f"{task.id} {task.title}: ")
        error = part_of(task.id), problem, task.looks_like
        if task.state == "crashed" and error in told:
            task = replace(task, looks_like=None)
        told.add(error)
        yield task


def result(task: TaskRecord) -> Result:
    """The state, with those that are equivalent for a class merged."""
    if task.state == "passed":
        return "passed"
    if task.score > 0:
        return "partly"
    if task.state in NOT_STARTED:
        return "not started"
    return "failed"


def slowest(records: Iterable[Record], most: int = 5) -> list[Record]:
    return sorted(records, key=lambda record: -record.seconds)[:most]


def _figures(tasks: Sequence[TaskRecord]) -> TaskFigures:
    results = Counter(result(task) for task in tasks)
    states = Counter(str(task.state) for task in tasks)
    unsolved = len(tasks) - results["passed"]
    looks = Counter(task.looks_like for task in tasks if task.looks_like)
    commonest = sorted(looks.items(), key=lambda item: (-item[1], item[0]))[:MOST_MISTAKES]
    return TaskFigures(
        tasks[0].id,
        tasks[0].title,
        {name: results[name] for name in RESULTS},
        dict(states),
        tuple(Mistake(text, count, count / max(unsolved, 1)) for text, count in commonest),
    )
