"""How far a student has come: points per task and hints used, in a file that git ignores."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grading.backup import write_whole
from grading.checks.points import points_by_task
from grading.feedback.messages import bar
from grading.feedback.results import TaskResult
from grading.manifest import Course, Part, Task
from grading.states import NOT_STARTED

FOLDER = ".course"
FILE = Path(FOLDER) / "progress.json"
LONGEST = 366 * 24 * 60 * 60  # seconds; what claims to have taken longer is no measurement
CONCEPT = 2  # the rung of a task's hints that points to the lesson


NOT_PROGRESS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass
class Progress:
    """What is kept of each task, by its id.

    Attributes:
        points: at its last check.
        hints: rungs read.
        begun: when code for it was first checked, in seconds since 1970.
        passed: when it first had all its points.
    """

    points: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    note: str = ""  # for the student, if the file was broken


def load(root: Path) -> Progress:
    """Read the progress kept in the course folder; a broken file is set aside with a note."""
    path = root / FILE
    try:
        return _read(path.read_bytes())
    except FileNotFoundError:
        return Progress()
    except NOT_PROGRESS:
        aside = path.with_suffix(".broken.json")
        os.replace(path, aside)
        return Progress(note=f"{FILE} could not be read; it is kept as {aside.name}")


def minutes_to_pass(content: bytes) -> dict[str, float]:
    """How long each task took from its first check to its first pass, by a file of progress.

    A file that is broken or says something else than times gives nothing.
    """
    try:
        kept = _read(content)
    except NOT_PROGRESS:
        return {}
    seconds = {
        task: passed - kept.begun[task]
        for task, passed in kept.passed.items()
        if task in kept.begun
    }
    return {task: taken / 60 for task, taken in seconds.items() if 0 <= taken <= LONGEST}


def save(root: Path, progress: Progress) -> None:
    """Write the progress atomically."""
    kept = asdict(progress)
    del kept["note"]
    write_whole(root / FILE, json.dumps(kept, indent=2) + "\n")


def record(root: Path, results: Sequence[TaskResult]) -> None:
    """Keep points and times of the tasks that were just checked."""
    try:
        progress = load(root)
        now = int(time.time())
        for result in results:
            task = result.task.id
            progress.points[task] = result.score
            if result.state not in ("missing", *NOT_STARTED):
                progress.begun.setdefault(task, now)
            if result.state == "passed":
                progress.passed.setdefault(task, now)
        save(root, progress)
    except OSError:  # the folder cannot be written to: the verdict matters more
        return


def overview(course: Course, progress: Progress) -> Iterator[str]:
    """The parts as bars with points and hints, and what is next: what is optional comes last."""
    worth = points_by_task(course)
    for part in course.parts:
        tasks = [task.id for task in part.tasks]
        score = sum(min(progress.points.get(task, 0), worth.get(task, 0)) for task in tasks)
        total = sum(worth.get(task, 0) for task in tasks)
        n_hints = sum(progress.hints.get(task, 0) for task in tasks)
        hints = f", {n_hints} hint{'s' * (n_hints != 1)} read" if n_hints else ""
        points = f"{bar(score, total, 20)} {score:>3} of {total:<3}"
        yield f"{points} part {part.number} {part.title}{' (bonus)' * part.optional}{hints}"
    yield "as of each task's last check"
    yield ""
    task = next_task(course, progress, course.parts)
    if task is None:
        yield "every task was solved when it was last checked"
        return
    path = course.part(task.part).path.as_posix()
    yield f"{'optional' if task.bonus else 'next'}: {task.id} {task.title} in exercises/{path}"
    yield f"check it with: course check {task.id}"


def next_task(course: Course, progress: Progress, parts: Iterable[Part]) -> Task | None:
    """The first task of these parts that does not have all its points."""
    return next(iter(unsolved(course, progress, parts)), None)


def unsolved(course: Course, progress: Progress, parts: Iterable[Part]) -> list[Task]:
    """The tasks of these parts that do not have all their points."""
    worth = points_by_task(course)
    tasks = (task for part in parts for task in part.tasks)
    return [t for t in tasks if progress.points.get(t.id, 0) < worth.get(t.id, 0)]


def read_hints(root: Path, task: Task, everything: bool = False) -> Iterator[str]:
    """The next rung of a task's hints, or all of them; what was read is remembered."""
    progress = load(root)
    if progress.note:
        yield progress.note
    n_known, n_hints = progress.hints.get(task.id, 0), len(task.hints)
    last = n_hints if everything else min(n_known + 1, n_hints)
    yield f"{task.id} {task.title}"
    for rung in range(1 if everything else last, last + 1):
        yield f"hint {rung} of {n_hints}: {task.hints[rung - 1]}"
        if rung == CONCEPT:
            yield f"the concept in the lesson: {task.lesson}"
    if not everything and n_known >= n_hints:
        yield f"That was the last hint; read them all with: course hint {task.id} --all"
    progress.hints[task.id] = max(n_known, last)
    try:
        save(root, progress)
    except OSError as error:
        yield f"it could not be recorded that you have read this: {error}"


def _read(content: bytes) -> Progress:
    """What a file holds; raises one of NOT_PROGRESS."""
    kept = json.loads(content.decode())
    return Progress(
        points=_counts(kept["points"]),
        hints=_counts(kept["hints"]),
        begun=_counts(kept.get("begun", {})),
        passed=_counts(kept.get("passed", {})),
    )


def _counts(value: dict) -> dict[str, int]:
    return {str(task): int(count) for task, count in value.items()}
