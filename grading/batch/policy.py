"""A course's policy on lateness and weights, read from one TOML file and applied to records.

`docs/policy.example.toml` shows every setting.
"""

import math
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grading.batch.records import NOT_GRADED, Record, bonus, part_of, points_by_part
from grading.batch.times import is_proof
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import listed, meant, plural

SETTINGS = (
    *("deadline", "grace_minutes", "count_bonus"),
    *("late", "extensions", "submitted", "weights"),
)
LATE_SETTINGS = ("percent_per_day", "most_percent", "slip_days", "cut_off")
KEPT = "policy.toml"  # in the folder of grades
A_YEAR = 365 * 24 * 60  # minutes
A_TIME = "a date and time with its offset from UTC, such as 2026-12-01T23:59:00+01:00"
DAY = timedelta(days=1)
AT_ONCE = timedelta(
    minutes=10
)  # real submissions are spread over more time than this; copied files are not


@dataclass(frozen=True)
class Policy:
    """How a grade follows from a score. All times have a time zone.

    Attributes:
        grace: how long after a student's deadline nothing is taken off.
        late_per_day: percent of the score taken off per started day. Once the grace is over, days
            count from the deadline.
        late_cap: the most percent of the score taken off.
        slip_days: how many late days of each student cost nothing.
        cut_off: what is submitted later is worth 0, unless within the grace. For a student with a
            later extension, the cut-off is the extension.
        extensions: individual deadlines, by student.
        submitted: submission times that override those of the records.
        weights: weight of each part that is not optional; without them, every point counts the
            same.
        count_bonus: whether bonus points make up for lost ones: each adds as many percent as a
            point of `max_score` without weights, up to 100 percent in all.
    """

    deadline: datetime | None = None
    grace: timedelta = timedelta(0)
    late_per_day: float = 0.0
    late_cap: float = 100.0
    slip_days: int = 0
    cut_off: datetime | None = None
    extensions: dict[str, datetime] = field(default_factory=dict)
    submitted: dict[str, datetime] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    count_bonus: bool = False


@dataclass(frozen=True)
class Grade:
    """What a record is worth under a policy.

    Attributes:
        score, max_score: points as in the record, without the bonus.
        bonus: bonus points, whether they count or not.
        parts: score and highest score of each part, with the hidden checks of its tasks.
        weighted: percent, from 0 to 100, before lateness, with the bonus if it counts.
        late_days: started days after the deadline; 0 within the grace.
        penalty: percent of `weighted` taken off.
        slip_days: the late days that cost nothing, and how many could; 0 of them after the cut-off.
        cut_off: the student's cut-off, if the submission came after it.
        final: percent, from 0 to 100.
        note: what a teacher should know about this grade.
    """

    student_id: str
    score: int
    max_score: int
    parts: dict[int, tuple[int, int]]
    weighted: float
    late_days: int
    penalty: float
    final: float
    note: str | None = None
    bonus: int = 0
    slip_days: tuple[int, int] = (0, 0)
    cut_off: datetime | None = None

    @property
    def slips(self) -> str | None:
        """The use of slip days in words; None if none were used."""
        used, allowed = self.slip_days
        return f"{used} of {plural(allowed, 'slip day')} used" if used else None


def load(path: Path, course: Course) -> Policy:
    """Read a policy for a course.

    Raises:
        UsageError: the file cannot be read or is invalid.
    """
    document = read_toml(path)
    try:
        return _policy(document, course)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a file.

    Raises:
        UsageError: it cannot be read or is not valid TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error


def kept_in(out: Path, course: Course) -> Policy:
    """The policy that `course grade` stored with the grades; one without rules if there is none.

    Raises:
        UsageError: as for `load`.
    """
    return load(out / KEPT, course) if (out / KEPT).exists() else Policy()


def grade(record: Record, policy: Policy) -> Grade:
    """Apply the policy to a record. The weights of parts that were not graded do not count."""
    parts = points_by_part(record)
    notes = []
    if record.status == "ungradable":
        notes.append(f"it could not be graded: {record.reason}")
    elif record.status == "incomplete":
        notes.append(f"the grading is incomplete: {record.reason}")
    elif record.status == "missing":
        notes.append("nothing was handed in")

    of_all, reached = float(record.max_score), float(record.score)
    if policy.weights:
        optional = {part_of(task.id) for task in record.tasks if task.bonus}
        counting = [part for part in parts if parts[part][1] and part not in optional]
        weights = {part: policy.weights.get(part, 0) for part in counting}
        of_all = math.fsum(weights.values())
        reached = math.fsum(weights[part] * parts[part][0] / parts[part][1] for part in weights)
        if weights and not of_all:
            notes.append("the parts that were graded have no weight")
    weighted = 100 * reached / of_all if of_all and record.status not in NOT_GRADED else 0.0
    of_bonus, _ = bonus(record)
    if policy.count_bonus and record.max_score:
        weighted = min(weighted + 100 * of_bonus / record.max_score, 100.0)

    late, unknown = _late(record, policy)
    late_days, cut_off = _days(late, policy), _missed_cut_off(record, policy, late)
    slip_days = 0 if cut_off else min(late_days, policy.slip_days)
    penalty = min((late_days - slip_days) * policy.late_per_day, policy.late_cap)
    if unknown:
        notes.append(unknown)
    if cut_off:
        penalty = 100
        notes.append(
            f"submitted after the cut-off ({cut_off.isoformat(' ', 'minutes')}), so it is 0"
        )
    result = Grade(
        student_id=record.student_id,
        score=record.score,
        max_score=record.max_score,
        parts=parts,
        weighted=round(weighted, 6),  # without rounding errors of binary fractions
        late_days=late_days,
        penalty=round(penalty, 6),
        final=round(weighted * (1 - penalty / 100), 6),
        bonus=of_bonus,
        slip_days=(slip_days, policy.slip_days),
        cut_off=cut_off,
    )
    return replace(result, note="; ".join(filter(None, [*notes, result.slips])) or None)


def _deadline(student: str, policy: Policy) -> datetime | None:
    return policy.extensions.get(student, policy.deadline)


def _missed_cut_off(record: Record, policy: Policy, late: timedelta) -> datetime | None:
    """The student's cut-off if it was missed by a submission that came so `late`."""
    deadline = _deadline(record.student_id, policy)
    if policy.cut_off is None or deadline is None:
        return None
    cut_off = max(policy.cut_off, deadline)
    return cut_off if deadline + late > cut_off + policy.grace else None


def _late(record: Record, policy: Policy) -> tuple[timedelta, str | None]:
    """The time after the student's deadline; if it is not certain, 0 and a note on that."""
    in_time = timedelta(0)
    deadline = _deadline(record.student_id, policy)
    if deadline is None or record.status == "missing":
        return in_time, None
    submitted = policy.submitted.get(record.student_id)
    if submitted is not None:
        return submitted - deadline, None
    submitted = _time(record.submitted)
    if submitted is None:
        if record.marked_late is None:
            why = "it is not known when this was handed in"
        elif record.marked_late:
            why = f"{record.submitted_by} marks it as late, and does not say how late"
        else:
            return in_time, None
        return in_time, f"{why}, so nothing was taken off for lateness"
    days = _days(submitted - deadline, policy)
    if days and not is_proof(record.submitted_by):
        return in_time, (
            f"late by {plural(days, 'day')} if the times of its files are those "
            "of handing in, which a copy changes; nothing was taken off for lateness"
        )
    return submitted - deadline, None


def _days(late: timedelta, policy: Policy) -> int:
    """Started days; none within the grace."""
    return 0 if late <= max(policy.grace, timedelta(0)) else -(-late // DAY)


def remarks(records: Sequence[Record], policy: Policy) -> list[str]:
    """Warnings for the teacher about the submission times, in sentences."""
    if policy.deadline is None and not policy.extensions:
        return []
    records = [
        record
        for record in records
        if record.status != "missing" and record.student_id not in policy.submitted
    ]
    by_file = [
        time
        for record in records
        if not is_proof(record.submitted_by) and (time := _time(record.submitted))
    ]
    said = []
    if by_file:
        said.append(
            f"when {len(by_file)} of {len(records)} handed in is known from the times of their "
            "files only, so nothing is taken off for lateness there; give the times with "
            "--submitted, or in [submitted] of the policy"
        )
    if len(by_file) > 2 and max(by_file) - min(by_file) <= AT_ONCE:
        minutes = -(-(max(by_file) - min(by_file)) // timedelta(minutes=1))
        said.append(
            f"these times lie within {max(minutes, 1)} min: they are those of a copy, not of "
            "handing in"
        )
    late = [record.student_id for record in records if record.marked_late]
    if late:
        said.append(
            f"marked as late, without saying how late: {listed(late)}; nothing is taken off until "
            "their times are given with --submitted, or in [submitted] of the policy"
        )
    return said


def _time(text: str | None) -> datetime | None:
    """ISO 8601 as a time with time zone; None for anything else."""
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return time if time.utcoffset() is not None else None


# Reading the file: each helper raises ValueError with the key, the value and what is allowed


def _policy(document: dict[str, Any], course: Course) -> Policy:
    _refuse_unknown(document, SETTINGS, "")
    late = _table(document, "late")
    _refuse_unknown(late, LATE_SETTINGS, "late.")
    deadline = document.get("deadline")
    policy = Policy(
        deadline=None if deadline is None else _moment("deadline", deadline),
        grace=timedelta(minutes=_number("grace_minutes", document.get("grace_minutes", 0), A_YEAR)),
        late_per_day=_number("late.percent_per_day", late.get("percent_per_day", 0), 100),
        late_cap=_number("late.most_percent", late.get("most_percent", 100), 100),
        slip_days=whole("late.slip_days", late.get("slip_days", 0), 365),
        cut_off=_moment("late.cut_off", late["cut_off"]) if "cut_off" in late else None,
        extensions=_times(document, "extensions"),
        submitted=_times(document, "submitted"),
        weights=_weights(document, course) if "weights" in document else {},
        count_bonus=_flag("count_bonus", document.get("count_bonus", False)),
    )
    if policy.late_per_day and policy.deadline is None and not policy.extensions:
        raise ValueError("late.percent_per_day needs a deadline to count from; add deadline = …")
    if policy.slip_days and not policy.late_per_day:
        raise ValueError(
            f"late.slip_days is {policy.slip_days}, but a late day costs nothing; "
            "add percent_per_day = …"
        )
    if policy.cut_off and policy.deadline is None:
        raise ValueError(f"late.cut_off is {policy.cut_off}, without a deadline; add deadline = …")
    if policy.cut_off and policy.deadline and policy.cut_off < policy.deadline:
        raise ValueError(
            f"late.cut_off is {policy.cut_off}, before the deadline, {policy.deadline}; "
            "it must be the same time or later"
        )
    return policy


def _refuse_unknown(table: dict[str, Any], known: Iterable[str], prefix: str) -> None:
    known = list(known)
    for key in table:
        if key in known:
            continue
        if prefix and key in SETTINGS:
            raise ValueError(f"{key} must stand above the first [section], not in [{prefix[:-1]}]")
        advice = meant(key, known) or f"; known are {', '.join(known)}"
        raise ValueError(f"there is no setting {prefix}{key}{advice}")


def _table(document: dict[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise wrong(key, value, f"a section that starts with [{key}]")
    return value


def _times(document: dict[str, Any], key: str) -> dict[str, datetime]:
    times = {}
    for student, value in _table(document, key).items():
        if isinstance(value, dict):
            raise ValueError(
                f"a dot in {key}.{student}.{next(iter(value), '…')} splits the student id; "
                'put it in quotes, as in "anna.smith" = …'
            )
        if student in SETTINGS:
            raise ValueError(f"{student} must stand above the first [section], not in [{key}]")
        times[student] = _moment(f"{key}.{student}", value)
    return times


def _moment(key: str, value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise wrong(key, value, f"{A_TIME}, without quotes")
    if value.utcoffset() is None:
        raise ValueError(f"{key} is {as_written(value)}, without an offset; it must be {A_TIME}")
    return value


def _number(key: str, value: Any, most: float = math.inf) -> float:
    allowed = "a number from 0 up" if most == math.inf else f"a number from 0 to {most}"
    if type(value) not in (int, float) or not 0 <= value <= most or value == math.inf:
        raise wrong(key, value, allowed)
    return value


def whole(key: str, value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise wrong(key, value, f"a whole number from 0 to {most}")
    return value


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(key, value, "true or false")
    return value


def _weights(document: dict[str, Any], course: Course) -> dict[int, float]:
    table = _table(document, "weights")
    parts = {part.folder: part.number for part in course.required}
    _refuse_unknown(table, parts, "weights.")
    missing = [folder for folder in parts if folder not in table]
    if missing:
        raise ValueError(
            f"weights lacks {', '.join(missing)}; name every part, with 0 if it does not count"
        )
    weights = {parts[key]: _number(f"weights.{key}", value) for key, value in table.items()}
    if not any(weights.values()):
        raise ValueError("weights are all 0; at least one part must count")
    return weights


def wrong(key: str, value: Any, allowed: str) -> ValueError:
    return ValueError(f"{key} is {as_written(value)}, but must be {allowed}")


def as_written(value: Any) -> str:
    """A value roughly as it is written in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"'[:80] if isinstance(value, str) else f"{value!s:.80}"
