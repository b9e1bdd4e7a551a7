"""Submission times: their sources and formats."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grading.batch import tables
from grading.errors import UsageError
from grading.names import listed, shown

FILES = "file time"  # of the newest file or of the archive; copying changes it
LIST = "list"  # given with --submitted
CANVAS, GRADESCOPE, NBGRADER = "Canvas", "Gradescope", "nbgrader"

TIME_COLUMNS = ("time", "submitted", "Last modified (submission)")
ID_COLUMNS = ("student_id", "Identifier", "ID number", "Email address", "Username")
NO_TIME = ("", "-")
MOODLE = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%A, %B %d, %Y, %I:%M %p",
)


@dataclass(frozen=True)
class Sent:
    """What is known about when a student submitted.

    Attributes:
        by: the source, such as LIST or CANVAS.
        at: ISO 8601 in UTC; None if only `late` is known.
        late: whether the platform marks it as after its own deadline.
    """

    by: str
    at: str | None = None
    late: bool | None = None


def is_proof(by: str | None) -> bool:
    """Whether the submission time has a reliable source. Older records name none: theirs are file
    times."""
    return by not in (None, FILES)


def moment(text: str) -> datetime | None:
    """Parse a time, with time zone; None if the text is not a time.

    A time without a zone is in this machine's zone.
    """
    text = " ".join(text.split())
    time, _, zone = text.rpartition(" ")
    try:
        if zone == "UTC":
            return datetime.fromisoformat(time).replace(tzinfo=UTC)
        if re.fullmatch(r"[A-Za-z_]+(/[A-Za-z_+-]+){1,2}", zone):
            return datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, KeyError, OSError, OverflowError):
        pass
    for form in MOODLE:
        try:
            return datetime.strptime(text, form).astimezone()
        except (ValueError, OverflowError, OSError):
            continue
    return None


def iso(time: datetime | float | None) -> str | None:
    """A time, or seconds since 1970, as ISO 8601 in UTC; None if out of range."""
    try:
        if isinstance(time, int | float):
            time = datetime.fromtimestamp(time, UTC)
        return time.astimezone(UTC).isoformat("T", "seconds") if time else None
    except (OSError, OverflowError, ValueError):
        return None


def read_list(path: Path) -> tuple[dict[str, str], bool]:
    """Read the times from a CSV with student_id and time, or from Moodle's grading worksheet.

    Returns:
        The time in ISO 8601 by each of a student's ids, and whether any time had no zone.

    Raises:
        UsageError: the file has another format, or a time in it cannot be parsed.
    """
    header, rows = tables.read(path)
    column = next((name for name in TIME_COLUMNS if name in header), None)
    ids = [name for name in ID_COLUMNS if name in header]
    if column is None or not ids:
        raise UsageError(
            f"{path} needs the columns student_id and time, or to be Moodle's grading worksheet; "
            f"it has {listed([shown(name) for name in header]) if header else 'none'}"
        )
    times: dict[str, str] = {}
    local = False
    for row in rows:
        said = row.cells[column]
        students = [value for name in ids if (value := row.cells[name])]
        if said in NO_TIME or not students:
            continue
        time = moment(said)
        at = iso(time)
        if time is None or at is None:
            raise UsageError(
                f"{path}, line {row.line}: the time of {shown(students[0])} is "
                f'"{shown(said)}"; write it as 2026-12-01T22:10:00+01:00'
            )
        local |= re.search(r"(UTC|Z|[+-]\d\d:?\d\d|/\w+)$", said) is None
        for student in students:
            if times.setdefault(student, at) != at:
                raise UsageError(f"{path} gives two times of {shown(student)}: keep one")
    return times, local
