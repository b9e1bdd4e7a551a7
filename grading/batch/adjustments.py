"""What an instructor decides by hand: points in place of those earned, and comments.

They are kept in one file next to the records and applied whenever grades are computed. Records hold
only what the checks found, so grading again loses nothing. `docs/adjustments.example.toml` shows
every setting.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from grading.batch import policy as policies
from grading.batch.grade import hidden_checks
from grading.batch.policy import Grade, Policy, read_toml, whole, wrong
from grading.batch.records import HIDDEN, Record, hidden_name, part_of, plain_name, total
from grading.checks.points import checks_in, points_by_task
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import listed, meant, plural

KEPT = "adjustments.toml"  # in the folder of grades
SETTINGS = {
    "override": ("student", "task", "check", "points", "reason"),
    "comment": ("student", "task", "text"),
}
NEEDED = {
    "student": "name the student as grades.csv does",
    "task": 'name it, as in task = "1.1"',
    "points": "say how many count",
    "reason": "say why the points change; the student reads it",
    "text": "say what the student should read",
}
T = TypeVar("T")
Key = tuple[str, str | None]  # a task, or a task and the name of a check


@dataclass(frozen=True)
class Override:
    """Points in place of those earned.

    Attributes:
        check: its name as reports show it, such as "add nothing" or "add nothing (hidden)"; None
            for the task as a whole, without its hidden checks.
    """

    student: str
    task: str
    check: str | None
    points: int
    reason: str

    @property
    def key(self) -> Key:
        return self.task, self.check

    @property
    def of_hidden(self) -> bool:
        return self.check is not None and self.check.endswith(HIDDEN)

    @property
    def what(self) -> str:
        return self.task if self.check is None else f"{self.task} {self.check}"


@dataclass(frozen=True)
class Comment:
    """A text for a student, about a task or, if that is None, about the submission."""

    student: str
    task: str | None
    text: str


@dataclass(frozen=True)
class Adjustments:
    overrides: tuple[Override, ...] = ()
    comments: tuple[Comment, ...] = ()

    def of(self, student: str, part: int | None = None) -> "Adjustments":
        """Those of a student: all, or those of one part and those about the submission."""

        def included(one: Override | Comment) -> bool:
            other_part = part is not None and one.task is not None and part_of(one.task) != part
            return one.student == student and not other_part

        return Adjustments(
            tuple(one for one in self.overrides if included(one)),
            tuple(one for one in self.comments if included(one)),
        )


NO_ADJUSTMENTS = Adjustments()


@dataclass(frozen=True)
class Given:
    """An override that applies to a record. `earned` is what the checks gave."""

    override: Override
    earned: int
    max_score: int

    @property
    def words(self) -> str:
        """Such as "1.1 add nothing: 0 → 10 points"."""
        return f"{self.override.what}: {self.earned} → {plural(self.override.points, 'point')}"


# From what was earned to what counts


def given(record: Record, adjustments: Adjustments) -> tuple[Given, ...]:
    """The overrides that apply: the record has the task or check, and it is worth that much."""
    earned = _earned(record)
    return tuple(
        Given(override, *earned[override.key])
        for override in adjustments.of(record.student_id).overrides
        if override.key in earned and override.points <= earned[override.key][1]
    )


def without_effect(record: Record, adjustments: Adjustments) -> list[Override]:
    """The overrides that do not apply."""
    applied = [one.override for one in given(record, adjustments)]
    return [one for one in adjustments.of(record.student_id).overrides if one not in applied]


def adjusted(record: Record, adjustments: Adjustments) -> Record:
    """The record with the points that count. The states of its checks stay as they are."""
    found = {one.override.key: one for one in given(record, adjustments)}
    if not found:
        return record
    tasks = tuple(
        replace(task, score=task.score + _gained(task.id, found.values())) for task in record.tasks
    )
    hidden = tuple(
        replace(check, score=found[key].override.points)
        if (key := (check.task, hidden_name(check.name))) in found
        else check
        for check in record.hidden
    )
    return replace(record, score=total([*tasks, *hidden])[0], tasks=tasks, hidden=hidden)


class Rules(NamedTuple):
    """What a grade depends on besides the record."""

    policy: Policy = Policy()
    adjustments: Adjustments = NO_ADJUSTMENTS

    def grade(self, record: Record) -> Grade:
        return policies.grade(adjusted(record, self.adjustments), self.policy)


def _gained(task: str, found: Collection[Given]) -> int:
    """How many points a task is worth more, without its hidden checks."""
    return sum(
        one.override.points - one.earned
        for one in found
        if one.override.task == task and not one.override.of_hidden
    )


def _earned(record: Record) -> dict[Key, tuple[int, int]]:
    """Points earned and highest points of each task and check."""
    found: dict[Key, tuple[int, int]] = {}
    for task in record.tasks:
        found[task.id, None] = task.score, task.max_score
        for check in task.checks:
            found[task.id, plain_name(check.name)] = check.score, check.points
    for hidden in record.hidden:
        found[hidden.task, hidden_name(hidden.name)] = hidden.score, hidden.max_score
    return found


# Reading the file: each helper raises ValueError with the entry, the value and what is allowed


def load(
    path: Path,
    course: Course,
    students: Collection[str] | None = None,
    of: Callable[[str], str] = str,
) -> Adjustments:
    """Read the adjustments for a course.

    Args:
        students: who can be named; None to accept any name.
        of: by a name, whose it is, where a student may be named in several ways.

    Raises:
        UsageError: the file cannot be read or is invalid.
    """
    document = read_toml(path)
    try:
        return _adjustments(document, course, students, of)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def kept_in(out: Path, course: Course, students: Collection[str] | None = None) -> Adjustments:
    """Those that `course grade` stored with the grades; none if there is no such file.

    Raises:
        UsageError: as for `load`.
    """
    return load(out / KEPT, course, students) if (out / KEPT).exists() else Adjustments()


def _adjustments(
    document: dict[str, Any],
    course: Course,
    students: Collection[str] | None,
    of: Callable[[str], str],
) -> Adjustments:
    for key in document.keys() - SETTINGS.keys():
        raise ValueError(f"there is no section {key}; known are [[override]] and [[comment]]")
    worth = _worth(course)
    overrides = dict(_read(document, "override", lambda one: _override(one, worth, students)))
    comments = dict(_read(document, "comment", lambda one: _comment(one, worth, students)))
    _refuse_twins(overrides, comments, of)
    return Adjustments(tuple(overrides.values()), tuple(comments.values()))


def _read(
    document: dict[str, Any], kind: str, read: Callable[[dict[str, Any]], T]
) -> Iterator[tuple[str, T]]:
    """What `read` makes of each entry, by words that say which one it is."""
    entries = document.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"each {kind} must be a section that starts with [[{kind}]]")
    for number, entry in enumerate(entries, start=1):
        said = [f"{entry[key]!s:.80}" for key in ("student", "task", "check") if key in entry]
        where = f"{kind} {number} ({', '.join(said)})" if said else f"{kind} {number}"
        try:
            for key in sorted(entry.keys() - SETTINGS[kind]):
                raise ValueError(f"there is no setting {key}{meant(key, SETTINGS[kind])}")
            yield where, read(entry)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None


def _override(
    entry: dict[str, Any], worth: dict[Key, int], students: Collection[str] | None
) -> Override:
    student, task = _student(entry, students), _task(entry, worth)
    check = _check(entry, task, worth) if "check" in entry else None
    points = whole("points", _needed(entry, "points"), worth[task, check])
    return Override(student, task, check, points, _text(entry, "reason"))


def _comment(
    entry: dict[str, Any], worth: dict[Key, int], students: Collection[str] | None
) -> Comment:
    task = _task(entry, worth) if "task" in entry else None
    return Comment(_student(entry, students), task, _text(entry, "text"))


def _worth(course: Course) -> dict[Key, int]:
    """The points of each task and check."""
    worth: dict[Key, int] = {(task, None): n for task, n in points_by_task(course).items()}
    for part in course.parts:
        for check in checks_in(course.exercises / part.folder / part.check_files[0]):
            worth[check.task, plain_name(check.name)] = check.points
        for path in hidden_checks(course, part):
            for check in checks_in(path):
                worth[check.task, hidden_name(check.name)] = check.points
    return worth


def _student(entry: dict[str, Any], students: Collection[str] | None) -> str:
    student = _text(entry, "student")
    if students is not None and student not in students:
        advice = meant(student, students) or "; remove the entry or correct the name"
        raise ValueError(f"there is no submission of {student}{advice}")
    return student


def _task(entry: dict[str, Any], worth: dict[Key, int]) -> str:
    task = _text(entry, "task")
    if (task, None) not in worth:
        tasks = [known for known, check in worth if check is None]
        of_part = [known for known in tasks if part_of(known) == part_of(task)]
        raise ValueError(f"there is no task {task}; the tasks are {listed(of_part or tasks)}")
    return task


def _check(entry: dict[str, Any], task: str, worth: dict[Key, int]) -> str:
    written = _text(entry, "check")
    check = plain_name(written)
    if (task, check) not in worth:
        checks = [known for of_task, known in worth if of_task == task and known is not None]
        advice = meant(check, checks) or f"; its checks are {listed(checks)}"
        raise ValueError(f"task {task} has no check {written}{advice}")
    return check


def _text(entry: dict[str, Any], key: str) -> str:
    value = _needed(entry, key)
    if not isinstance(value, str):
        raise wrong(key, value, "a text; put it in quotes")
    if not value.strip():
        raise ValueError(f"{key} is empty; {NEEDED[key]}")
    return value.strip()


def _needed(entry: dict[str, Any], key: str) -> Any:
    if key not in entry:
        raise ValueError(f"{key} is missing; {NEEDED[key]}")
    return entry[key]


def _refuse_twins(
    overrides: dict[str, Override], comments: dict[str, Comment], of: Callable[[str], str]
) -> None:
    """Raise ValueError if two entries are about the same thing."""
    about: list[tuple[str, tuple[str | None, ...]]] = [
        *((where, ("override", of(one.student), *one.key)) for where, one in overrides.items()),
        *((where, ("comment", of(one.student), one.task)) for where, one in comments.items()),
    ]
    first: dict[tuple[str | None, ...], str] = {}
    for where, thing in about:
        if first.setdefault(thing, where) != where:
            raise ValueError(f"{where}: {first[thing]} is about the same; merge the two")
    for where, one in overrides.items():
        whole_task = first.get(("override", of(one.student), one.task, None))
        if whole_task and one.check is not None and not one.of_hidden:
            raise ValueError(
                f"{where}: {whole_task} sets the points of the whole task, which has this check; "
                "keep one of them"
            )
