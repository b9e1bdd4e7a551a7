"""How far a student has come: points per task and hints used, in a file that git ignores."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading.backup import write_whole
from grading.checks.points import points_by_task
from grading.feedback.messages import bar
from grading.feedback.results import TaskResult
from grading.manifest import Course, Part, Task

FILE = Path(".course") / "progress.json"
CONCEPT = 2  # the rung of a task's hints that points to the lesson


@dataclass
class Progress:
    """`points`: task → points at its last check; `hints`: task → rungs read."""

    points: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    note: str = ""  # for the student, if the file was broken


def load(root: Path) -> Progress:
    """Read the progress kept in the course folder; a broken file is set aside with a note."""
    path = root / FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Progress(_counts(kept["points"]), _counts(kept["hints"]))
    except FileNotFoundError:
        return Progress()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        aside = path.with_suffix(".broken.json")
        os.replace(path, aside)
        return Progress(note=f"{FILE} could not be read; it is kept as {aside.name}")


def save(root: Path, progress: Progress) -> None:
    """Write the progress atomically."""
    kept = {"points": progress.points, "hints": progress.hints}
    write_whole(root / FILE, json.dumps(kept, indent=2) + "\n")


def record(root: Path, results: Sequence[TaskResult]) -> None:
    """Keep the points of the tasks that were just checked."""
    try:
        progress = load(root)
        progress.points |= {result.task.id: result.score for result in results}
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


def _counts(value: dict) -> dict[str, int]:
    return {str(task): int(count) for task, count in value.items()}
