"""The roster of a class: who is in it, in which section and group, and with which deadline.

student,name,section,group,deadline
anna,Anna Berg,A,team-1,
ben,Ben Cho,A,team-1,2026-12-08T23:59:00+01:00
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from grading.backup import write_whole
from grading.batch import tables
from grading.batch.policy import A_TIME, Policy
from grading.errors import UsageError
from grading.names import listed, meant, printable, shown
from grading.spreadsheets import csv_text

KEPT = "roster.csv"  # in the folder of grades
IDS = ("student", "student_id", "id", "identifier")  # accepted headings of the id
NAMES = ("name", "full_name")
OTHERS = ("section", "group", "deadline")


@dataclass(frozen=True)
class Student:
    """A student on the roster; "" for what it does not say.

    Attributes:
        id: the name of the submission, or the platform's number of the student.
        deadline: an individual one, with time zone.
    """

    id: str
    name: str = ""
    section: str = ""
    group: str = ""
    deadline: datetime | None = None


NOBODY: Mapping[str, Student] = MappingProxyType({})  # the roster of a class without one


def read(path: Path) -> tuple[dict[str, Student], list[str]]:
    """The students by id, in the order of the file, and remarks on columns that are not used.

    Raises:
        UsageError
    """
    headings, rows = tables.read(path)
    try:
        columns = {heading: tables.normalized(heading) for heading in headings}
        id_column = _id_column(columns)
        students: dict[str, Student] = {}
        seen: dict[str, tuple[str, int]] = {}
        for row in rows:
            cells = {columns[heading]: text for heading, text in row.cells.items()}
            student = _student(row.line, cells, cells[id_column])
            _refuse_twice(student.id, row.line, seen)
            students[student.id] = student
        if not students:
            raise ValueError("there is no student in it")
        _refuse_groups_like_students(students)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    known = (id_column, *NAMES, *OTHERS)
    unused = [
        shown(name) + meant(plain, [*NAMES, *OTHERS], form=" (did you mean {}?)")
        for name, plain in columns.items()
        if plain not in known
    ]
    return students, [f"{path}: not used: {listed(unused)}"] if unused else []


def kept_in(out: Path) -> dict[str, Student]:
    """The roster that `course grade` stored with the grades; nobody if there is none.

    Raises:
        UsageError
    """
    path = out / KEPT
    return read(path)[0] if path.is_file() else {}


def write(roster: Mapping[str, Student], path: Path) -> None:
    """Write a roster that `read` reads."""
    rows = [
        (one.id, one.name, one.section, one.group, one.deadline and one.deadline.isoformat())
        for one in roster.values()
    ]
    write_whole(path, csv_text([("student_id", "name", *OTHERS), *rows]))


def with_extensions(policy: Policy, roster: Mapping[str, Student]) -> Policy:
    """The policy with the deadlines of the roster; its own extensions count before them."""
    own = {student.id: student.deadline for student in roster.values() if student.deadline}
    return replace(policy, extensions={**own, **policy.extensions})


def said(roster: Mapping[str, Student]) -> list[str]:
    """What the roster says of anybody that a report shows."""
    shown_ = ("name", "section", "group")
    return [name for name in shown_ if any(getattr(one, name) for one in roster.values())]


def remarks(
    policy: Policy, roster: Mapping[str, Student], tell: Callable[[str], str] = shown
) -> list[str]:
    """Whose deadline differs from an extension of the policy, in a sentence."""
    differ = [
        tell(student.id)
        for student in roster.values()
        if student.deadline
        and policy.extensions.get(student.id, student.deadline) != student.deadline
    ]
    if not differ:
        return []
    return [
        f"the roster and the policy differ on the deadline of {listed(differ)}: that of the "
        "policy counts"
    ]


# Reading the file: each helper raises ValueError with the value and what is allowed


def _id_column(columns: Mapping[str, str]) -> str:
    found = [heading for heading, plain in columns.items() if plain in IDS]
    if len(found) == 1:
        return columns[found[0]]
    if found:
        raise ValueError(
            f"the first line has {len(found)} columns that may be the id: {listed(found)}; "
            "rename all but one, such as to name"
        )
    raise ValueError(
        f"the first line must have a column with the id, called {', '.join(IDS[:-1])} or "
        f"{IDS[-1]}; it has {listed(list(columns)) if columns else 'none'}"
    )


def _student(line: int, cells: Mapping[str, str], id_: str) -> Student:
    student = printable(unicodedata.normalize("NFC", id_))
    if not student:
        raise ValueError(f"line {line}: the id is empty; fill it in, or delete the line")
    deadline = cells.get("deadline", "")
    return Student(
        student,
        unicodedata.normalize("NFC", next((cells[name] for name in NAMES if cells.get(name)), "")),
        cells.get("section", ""),
        unicodedata.normalize("NFC", cells.get("group", "")),
        _moment(f"line {line}: the deadline of {shown(student)}", deadline) if deadline else None,
    )


def _moment(what: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{what} is "{shown(text)}", but must be {A_TIME}') from None
    if time.utcoffset() is None:
        raise ValueError(f'{what} is "{shown(text)}", without an offset; it must be {A_TIME}')
    return time


def _refuse_twice(student: str, line: int, seen: dict[str, tuple[str, int]]) -> None:
    """`seen` holds the id and line of each student before, by the id in lower case."""
    other, its_line = seen.setdefault(student.casefold(), (student, line))
    if its_line == line:
        return
    if other == student:
        raise ValueError(f"line {line}: {shown(student)} is in line {its_line}, too; delete one")
    raise ValueError(
        f"line {line}: {shown(student)} and {shown(other)} in line {its_line} differ in capitals "
        "only, and would share a file; rename one"
    )


def _refuse_groups_like_students(students: Mapping[str, Student]) -> None:
    for student in students.values():
        other = students.get(student.group)
        if other is not None and other.group != student.group:
            raise ValueError(
                f"the group of {shown(student.id)} is called like {shown(other.id)}, who is not in "
                "it; rename the group"
            )
