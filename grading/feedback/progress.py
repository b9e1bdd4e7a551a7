"""How far a student has come: points per task and hints used, in a file that git ignores."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading.feedback.results import TaskResult

FILE = Path(".course") / "progress.json"


@dataclass
class Progress:
    """`points`: task → points at its last check; `hints`: task → rungs read."""

    points: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    note: str = ""  # for the student, where the file was broken


def load(root: Path) -> Progress:
    """Read the progress kept in the course folder; a broken file is set aside with a note."""
    path = root / FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Progress(_counts(kept["points"]), _counts(kept["hints"]))
    except FileNotFoundError:
        return Progress()
    except (ValueError, KeyError, TypeError, AttributeError):
        aside = path.with_suffix(".broken.json")
        os.replace(path, aside)
        return Progress(note=f"{FILE} could not be read; it is kept as {aside.name}")


def save(root: Path, progress: Progress) -> None:
    """Write the progress, whole or not at all."""
    path = root / FILE
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}.new")
    kept = {"points": progress.points, "hints": progress.hints}
    new.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    os.replace(new, path)


def record(root: Path, results: Sequence[TaskResult]) -> None:
    """Keep the points of the tasks that were just checked."""
    progress = load(root)
    progress.points |= {result.task.id: result.score for result in results}
    try:
        save(root, progress)
    except OSError:  # a folder that cannot be written to: the verdict matters more
        return


def _counts(value: dict) -> dict[str, int]:
    return {str(task): int(count) for task, count in value.items()}
