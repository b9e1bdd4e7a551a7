"""Item analysis: which tasks and checks work for a class, and which want a look."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from grading.batch.records import NOT_GRADED, Record, part_of, task_key
from grading.reports.feedback import table

HEADINGS = (
    *("task", "title", "check", "points", "submissions", "passed", "passed_percent"),
    *("item_total_correlation", "mistakes", "note", "timed", "median_minutes_to_pass"),
)
FEWEST = 5  # submissions below which a share says nothing about an item
EVERYBODY = "Everybody passes: it separates nobody. Keep it if it stands for a requirement."
NOBODY = "Nobody passes: try it yourself, and read its sentence and the lesson as a student would."
TURNED = (
    "Those who do well elsewhere fail here more often than others: look for a right answer that"
    " it rejects, or a sentence that can be read in two ways."
)


@dataclass(frozen=True)
class Item:
    """A task or one of its checks, over a class.

    Attributes:
        check: the name of the check; None for a task as a whole.
        n: submissions that were graded with it.
        passed: how many of them earned all its points.
        correlation: between the share of its points and all other points, from −1 to 1; None where
            one of them is the same for all.
        mistakes: of a task, those that were recognised, and how often.
        note: what to look at, if anything.
        minutes: of a task, the median from the first check to the first pass; None where no
            student's file of progress tells.
        timed: of how many submissions.
    """

    task: str
    title: str
    check: str | None
    points: int
    n: int
    passed: int
    correlation: float | None
    note: str
    mistakes: Mapping[str, int] = field(default_factory=dict)
    minutes: float | None = None
    timed: int = 0

    @property
    def share(self) -> float:
        return self.passed / self.n


@dataclass(frozen=True)
class Analysis:
    """`items`: each task, followed by its checks. `alpha`: Cronbach's, over all checks that are no
    bonus; None where it is not defined."""

    items: tuple[Item, ...]
    alpha: float | None

    @property
    def notable(self) -> list[Item]:
        """The checks to look at."""
        return [item for item in self.items if item.note and item.check is not None]


@dataclass(frozen=True)
class _Column:
    """One check or task: the share of its points that each submission earned, NaN if it was graded
    without it."""

    task: str
    title: str
    check: str | None
    points: int
    bonus: bool
    earned: np.ndarray

    @property
    def counted(self) -> np.ndarray:
        """The points in the total of each submission."""
        return np.nan_to_num(self.earned) * (0 if self.bonus else self.points)


def analysis(records: Iterable[Record]) -> Analysis:
    """The item analysis of all records that were graded.

    The corrected item-total correlation and alpha: Crocker and Algina (1986), *Introduction to
    Classical and Modern Test Theory*, chapters 7 and 14.
    """
    graded = [record for record in records if record.status not in NOT_GRADED]
    checks, tasks = _columns(graded, of_checks=True), _columns(graded, of_checks=False)
    mistakes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    minutes: defaultdict[str, list[float]] = defaultdict(list)
    for record in graded:
        for name, text in _mistakes(record):
            mistakes[name][text] += 1
        for name, taken in record.minutes.items():
            minutes[name].append(taken)
    totals = sum((column.counted for column in checks), np.zeros(len(graded)))
    items = [_item(column, totals) for column in checks]
    for column in tasks:
        counted = sorted(mistakes[column.task].items(), key=lambda pair: (-pair[1], pair[0]))
        timed = minutes[column.task]
        items.append(
            replace(
                _item(column, totals),
                mistakes=dict(counted),
                minutes=median(timed) if timed else None,
                timed=len(timed),
            )
        )
    items.sort(key=lambda item: (task_key(item.task), item.check is not None))
    return Analysis(tuple(items), _alpha([one for one in checks if not one.bonus]))


def analysis_csv(found: Analysis) -> str:
    """One line per item, and a last one with alpha."""
    rows = [
        (
            *(item.task, item.title, item.check, item.points, item.n, item.passed),
            *(round(100 * item.share, 1), _rounded(item.correlation, 3)),
            "; ".join(f"{text} ({count})" for text, count in item.mistakes.items()),
            *(item.note, item.timed or None, _rounded(item.minutes, 1)),
        )
        for item in found.items
    ]
    alpha = ("all", "Cronbach's alpha over all checks", *[None] * 5, _rounded(found.alpha, 3))
    return table([HEADINGS, *rows, (*alpha, *[None] * 4)])


def _mistakes(record: Record) -> Iterator[tuple[str, str]]:
    """Each task with the mistake that it looks like. One in the file itself is counted only for the
    first task that it blocks: one mistake is not as many as there are tasks."""
    told = set()
    for task in record.tasks:
        problem = task.message.split("\n")[0].removeprefix(f"{task.id} {task.title}: ")
        error = part_of(task.id), problem, task.looks_like
        if task.looks_like and not (task.state == "crashed" and error in told):
            yield task.id, task.looks_like
        told.add(error)


def _columns(records: Sequence[Record], of_checks: bool) -> list[_Column]:
    found: dict[tuple[str, str | None], _Column] = {}
    for row, record in enumerate(records):
        for task, check, title, points, bonus, earned in _results(record, of_checks):
            if (task, check) not in found:
                unknown = np.full(len(records), np.nan)
                found[task, check] = _Column(task, title, check, points, bonus, unknown)
            found[task, check].earned[row] = earned
    return list(found.values())


def _results(
    record: Record, of_checks: bool
) -> Iterator[tuple[str, str | None, str, int, bool, float]]:
    for task in record.tasks:
        if not of_checks and task.max_score:
            share = task.score / task.max_score
            yield task.id, None, task.title, task.max_score, task.bonus, share
        for check in task.checks if of_checks else ():
            passed = float(check.state == "passed")
            yield task.id, check.name, task.title, check.points, task.bonus, passed
    for one in record.hidden if of_checks else ():
        share = one.score / one.max_score
        yield one.task, one.name, "hidden check", one.max_score, one.bonus, share


def _item(column: _Column, totals: np.ndarray) -> Item:
    known = ~np.isnan(column.earned)
    earned = column.earned[known]
    correlation = _correlation(earned, (totals - column.counted)[known])
    passed = int((earned == 1).sum())
    return Item(
        column.task,
        column.title,
        column.check,
        column.points,
        len(earned),
        passed,
        correlation,
        _note(len(earned), passed, float(earned.sum()), correlation),
    )


def _note(n: int, passed: int, earned: float, correlation: float | None) -> str:
    if n < FEWEST:
        return ""
    if passed == n:
        return EVERYBODY
    if earned == 0:
        return NOBODY
    # two standard errors below 0, so that chance alone seldom marks an item
    return TURNED if correlation is not None and correlation < -2 / math.sqrt(n) else ""


def _correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _alpha(columns: Sequence[_Column]) -> float | None:
    """Cronbach's alpha; what a submission was graded without counts as not earned."""
    if len(columns) < 2:
        return None
    points = np.array([column.counted for column in columns])
    of_total = points.sum(axis=0).var()
    if of_total == 0:
        return None
    return float(len(points) / (len(points) - 1) * (1 - points.var(axis=1).sum() / of_total))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
