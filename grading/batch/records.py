"""A record: the result of grading one submission. Reports and exports read only records."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from grading.backup import write_whole
from grading.errors import UsageError
from grading.names import plural
from grading.states import SHOWN, State

SCHEMA_VERSION = 1
MOST_OF_A_NAME = 120  # bytes of a file's name; systems allow 255, including the suffix

Status = Literal["complete", "incomplete", "ungradable", "missing"]
HIDDEN = " (hidden)"  # behind the name of a hidden check
NOT_GRADED: tuple[Status, ...] = ("ungradable", "missing")


@dataclass(frozen=True)
class CheckRecord:
    """One check of a task: the name of its function, its points, and its state."""

    name: str
    points: int
    state: State

    @property
    def score(self) -> int:
        return self.points if self.state == "passed" else 0


@dataclass(frozen=True)
class TaskRecord:
    """The result of one task.

    Attributes:
        state: that of the first check that did not pass.
        message: what a student reads in the terminal, lines separated by newlines.
        looks_like: the mistake that the result looks like, if recognised.
        bonus: whether it is of an optional part: its points stand beside the record's score.
    """

    id: str
    title: str
    score: int
    max_score: int
    state: State
    message: str
    looks_like: str | None
    seconds: float
    checks: tuple[CheckRecord, ...] = ()
    bonus: bool = False

    @property
    def headline(self) -> str:
        """The task and its problem in one line: the first line of its message."""
        first = next((line.strip() for line in self.message.splitlines() if line.strip()), "")
        first = first.lstrip("✓✗· ")
        if first.startswith(f"{self.id} "):
            return first
        return f"{self.id} {self.title}: {first or SHOWN[self.state].word}"


@dataclass(frozen=True)
class HiddenRecord:
    """A check that students do not have. Feedback shows only its name, points and sentence."""

    name: str
    task: str
    score: int
    max_score: int
    sentence: str
    bonus: bool = False


@dataclass(frozen=True)
class Record:
    """One submission.

    Attributes:
        status: "complete"; "incomplete" if the grader itself failed on a check; "ungradable" if
            there was nothing to grade; "missing" if a student on the roster handed in nothing.
        reason: why it is not complete.
        started: when grading began, ISO 8601 with time zone.
        submitted: submission time, ISO 8601 with time zone, if known.
        submitted_by: its source: "list" (of --submitted), "Canvas", "Gradescope", "nbgrader", or
            "file time", which proves nothing.
        marked_late: whether a platform that gives no time marks it as late.
        platform_id: the student's id in Canvas or Moodle.
        anonymous: whether `student_id` is a pseudonym.
        copy_of: the member of the group whose record this is a copy of.
        sandbox: what protected the grader, in words.
        minutes: from a task's first check to its first pass, where the student's file of progress
            came along; nobody vouches for it.
        score, max_score: over tasks and hidden checks that are no bonus, before any policy on
            lateness or weights.
    """

    student_id: str
    submission_sha256: str
    checks_sha256: str
    seed: int
    started: str
    seconds: float
    status: Status
    reason: str | None
    score: int
    max_score: int
    sandbox: str
    tasks: tuple[TaskRecord, ...]
    hidden: tuple[HiddenRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    submitted: str | None = None
    submitted_by: str | None = None
    marked_late: bool | None = None
    platform_id: str | None = None
    minutes: dict[str, float] = field(default_factory=dict)
    anonymous: bool = False
    copy_of: str | None = None
    schema_version: int = SCHEMA_VERSION


def file_name(student_id: str) -> str:
    """The name of a student's files: the id, unless it is not a valid file name.

    Names are unique: an id that itself ends like a digest gets a digest, too.
    """
    plain = re.sub(r"[^\w@+=,;~ .-]", "_", student_id)
    fits = plain == student_id and len(plain.encode()) <= MOST_OF_A_NAME
    if fits and not re.search(r"-[0-9a-f]{32}$", student_id, re.IGNORECASE):
        return student_id
    plain = plain.encode()[: MOST_OF_A_NAME // 2].decode(errors="ignore")
    return f"{plain}-{hashlib.sha256(student_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def write(record: Record, path: Path) -> None:
    """Write the record atomically."""
    write_whole(path, json.dumps(asdict(record), indent=1) + "\n")


def read(path: Path) -> Record:
    """Read one record.

    Raises:
        UsageError: the file is not a record of this version.
    """
    try:
        return from_plain(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not a record that can be read: {error!r}; "
            "move it away to grade its student again"
        ) from error


def from_plain(plain: dict[str, Any]) -> Record:
    """The inverse of `dataclasses.asdict` for a record."""
    if plain.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"schema_version {plain.get('schema_version')!r}, not {SCHEMA_VERSION}")
    nested: dict[str, Any] = {
        "tasks": tuple(map(_task, plain["tasks"])),
        "hidden": tuple(HiddenRecord(**check) for check in plain["hidden"]),
        "warnings": tuple(plain["warnings"]),
    }
    return Record(**{**plain, **nested})


def _task(plain: dict[str, Any]) -> TaskRecord:
    checks = tuple(CheckRecord(**check) for check in plain["checks"])
    return TaskRecord(**{**plain, "checks": checks})


def read_all(folder: Path) -> Iterator[Record]:
    """The records in a folder, by student.

    Raises:
        UsageError: one of the files is not a record.
    """
    for path in sorted(folder.glob("*.json")):
        yield read(path)


def without_times(record: Record) -> Record:
    """The record as it would be, were all machines equally fast."""
    tasks = tuple(replace(task, seconds=0.0) for task in record.tasks)
    return replace(record, started="", seconds=0.0, tasks=tasks)


def bonus(record: Record) -> tuple[int, int]:
    """Score and maximum of the bonus; (0, 0) if nothing of an optional part was started."""
    return total([*record.tasks, *record.hidden], bonus=True)


def total(judged: Iterable[TaskRecord | HiddenRecord], bonus: bool = False) -> tuple[int, int]:
    """Score and maximum of tasks and hidden checks: of those that are a bonus or of the others."""
    found = [one for one in judged if one.bonus == bonus]
    return sum(one.score for one in found), sum(one.max_score for one in found)


def with_bonus(record: Record) -> str:
    """The points in words, such as "87 of 100 points and 12 of 20 bonus points"."""
    score, max_score = bonus(record)
    points = f"{record.score} of {plural(record.max_score, 'point')}"
    return f"{points} and {score} of {plural(max_score, 'bonus point')}" if max_score else points


def points_by_part(record: Record) -> dict[int, tuple[int, int]]:
    """Score and maximum of each part, hidden checks included."""
    points: dict[int, tuple[int, int]] = {}
    checks = [(task.id, task.score, task.max_score) for task in record.tasks]
    checks += [(check.task, check.score, check.max_score) for check in record.hidden]
    for task_id, score, max_score in checks:
        so_far = points.get(part_of(task_id), (0, 0))
        points[part_of(task_id)] = (so_far[0] + score, so_far[1] + max_score)
    return dict(sorted(points.items()))


def plain_name(check: str) -> str:
    """The name of a check as reports show it."""
    return check.removeprefix("test_").replace("_", " ")


def hidden_name(check: str) -> str:
    """That of a hidden check; another one may have the same name in the file that students have."""
    return plain_name(check) + HIDDEN


def part_of(task_id: str) -> int:
    return task_key(task_id)[0]


def task_key(task_id: str) -> tuple[int, ...]:
    """Sort key by which 3.10 comes after 3.9."""
    return tuple(int(digits) for digits in re.findall(r"[0-9]+", task_id)) or (0,)
