"""Pseudonyms: every output of an anonymous class names student-017, and one file says who that is.

The key has a row for each name that a student or a group goes by. The first row of a pseudonym has
the id; others have what else its submissions were called. Numbers are drawn at random, since those
in the order of the names would say much about them.
"""

import random
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cached_property
from itertools import count
from pathlib import Path

from grading.backup import write_whole
from grading.batch import tables
from grading.batch.adjustments import Adjustments
from grading.batch.platforms import HandIn
from grading.batch.policy import Policy
from grading.batch.records import Record
from grading.batch.roster import Student
from grading.errors import UsageError
from grading.names import shown
from grading.spreadsheets import csv_text

KEPT = "key.csv"  # in the folder of grades
STUDENT, GROUP = "student", "group"


@dataclass(frozen=True)
class Row:
    """A name that a student or a group goes by, and the student's id on the platform."""

    pseudonym: str
    student_id: str
    platform_id: str = ""
    name: str = ""


COLUMNS = tuple(field.name for field in fields(Row))  # of the file


@dataclass(frozen=True)
class Key:
    """Who is who. Without rows, everybody goes by their own name."""

    rows: tuple[Row, ...] = ()

    @cached_property
    def pseudonyms(self) -> dict[str, str]:
        """By each name; and by itself, unless that is a name."""
        return {one: one for one in self.first} | {
            row.student_id: row.pseudonym for row in self.rows
        }

    @cached_property
    def rows_of(self) -> dict[str, list[Row]]:
        """All rows, by pseudonym."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.pseudonym, []).append(row)
        return found

    @cached_property
    def first(self) -> dict[str, Row]:
        """The row with the id, by pseudonym."""
        return {pseudonym: rows[0] for pseudonym, rows in self.rows_of.items()}

    def of(self, name: str) -> str:
        """The pseudonym of a student or group, or of several with "+" between them; any other
        text unchanged."""
        known = self.pseudonyms
        return known.get(name) or "+".join(known.get(one, one) for one in name.split("+"))

    def tell(self, name: str) -> str:
        """What a student or group is called in a sentence."""
        return shown(self.of(name))

    def id_of(self, pseudonym: str) -> str:
        """The inverse of `of`."""
        parts = (pseudonym,) if pseudonym in self.first else pseudonym.split("+")
        return "+".join(self.first[one].student_id if one in self.first else one for one in parts)

    def names(self, pseudonym: str) -> list[str]:
        """Every name that goes by this pseudonym."""
        rows = self.rows_of.get(pseudonym, ())
        return [row.student_id for row in rows] or [self.id_of(pseudonym)]

    @cached_property
    def labels(self) -> dict[str, str]:
        """By each name: the pseudonym, with a number for all but the first, to tell them apart."""
        return {
            row.student_id: f"{pseudonym}#{number}" if number > 1 else pseudonym
            for pseudonym, rows in self.rows_of.items()
            for number, row in enumerate(rows, start=1)
        }

    def label(self, name: str) -> str:
        return self.labels.get(name) or self.of(name)

    def labelled(self, label: str) -> list[str]:
        """The names with this label; every name that goes by it if that is a pseudonym."""
        numbered = [name for name, one in self.labels.items() if one == label and "#" in one]
        return numbered or self.names(label)


# The file


def kept_in(out: Path) -> Key | None:
    """The key of a folder of grades; None if it is not anonymous.

    Raises:
        UsageError
    """
    path = out / KEPT
    if not path.is_file():
        return None
    headings, rows = tables.read(path)
    if missing := [name for name in COLUMNS if name not in headings]:
        raise UsageError(f"{path} has no column {missing[0]}; it is not the key of a class")
    found = tuple(Row(*(row.cells[name] for name in COLUMNS)) for row in rows)
    seen: dict[str, str] = {}
    for row in found:
        once = seen.setdefault(row.student_id, row.pseudonym) == row.pseudonym
        if not (row.pseudonym and row.student_id and once):
            raise UsageError(
                f"{path}: {row.student_id or row.pseudonym} has no pseudonym, no id or two of "
                "them; put the file back as it was written"
            )
    return Key(found)


def write(key: Key, path: Path) -> None:
    """Write the key, readable for its owner alone."""
    write_whole(path, csv_text([COLUMNS, *map(astuple, key.rows)]), mode=0o600)


# New people


def of_class(
    key: Key,
    roster: Mapping[str, Student],
    found: Sequence[HandIn],
    called: Mapping[str, str],
    others: Iterable[str] = (),
) -> Key:
    """The key with everybody of a class in it.

    Args:
        called: whose each submission is, see `groups.owners`.
        others: further ids, such as of a policy.
    """
    ids = dict.fromkeys([*(one.student_id for one in found), *others])
    strangers = [Student(one) for one in ids if one not in roster and one not in called]
    numbers = {called.get(one.student_id, one.student_id): one.platform_id for one in found}
    return extended(key, [*roster.values(), *strangers], called, numbers)


def extended(
    key: Key,
    students: Sequence[Student],
    aliases: Mapping[str, str],
    platform_ids: Mapping[str, str | None],
) -> Key:
    """The key with rows for whom it did not know; those that it has keep their pseudonyms.

    Args:
        students: with groups, which get pseudonyms, too, unless they are called like a student.
        aliases: other name → id of a student or name of a group.
        platform_ids: by student id.
    """
    known = {student.id: student for student in students}
    rows = [
        replace(
            row,
            platform_id=platform_ids.get(row.student_id) or row.platform_id,
            name=known[row.student_id].name or row.name,
        )
        if row.student_id in known
        else row
        for row in key.rows
    ]
    groups = dict.fromkeys(one.group for one in students if one.group and one.group not in known)
    ids = {row.student_id: row.pseudonym for row in rows}
    taken = {*ids, *known, *groups, *aliases}
    for prefix, names in ((STUDENT, known), (GROUP, groups)):
        new = [name for name in names if name not in ids]
        random.SystemRandom().shuffle(new)
        for name, pseudonym in zip(new, _free(key, prefix, taken), strict=False):
            said = known[name].name if name in known else ""
            rows.append(Row(pseudonym, name, platform_ids.get(name) or "", said))
            ids[name] = pseudonym
    rows += [
        Row(ids[name], alias) for alias, name in aliases.items() if name in ids and alias not in ids
    ]
    return Key(tuple(rows))


def _free(key: Key, prefix: str, taken: Container[str]) -> Iterator[str]:
    """Pseudonyms after those of the key, without any that is somebody's id."""
    given = [one.removeprefix(f"{prefix}-") for one in key.first if one.startswith(f"{prefix}-")]
    highest = max((int(number) for number in given if number.isdecimal()), default=0)
    numbers = (f"{prefix}-{number:03}" for number in count(highest + 1))
    return (one for one in numbers if one not in taken)


# From ids to pseudonyms and back


def of_hand_in(hand_in: HandIn, key: Key) -> HandIn:
    """The submission under pseudonyms, without the platform's ids."""
    return replace(
        hand_in,
        student_id=key.of(hand_in.student_id),
        platform_id=None,
        others=tuple(HandIn(key.of(other.student_id), ()) for other in hand_in.others),
    )


def of_roster(roster: Mapping[str, Student], key: Key) -> dict[str, Student]:
    """The roster under pseudonyms, without names."""
    renamed = [
        replace(one, id=key.of(one.id), name="", group=key.of(one.group)) for one in roster.values()
    ]
    return {student.id: student for student in renamed}


def real_roster(roster: Mapping[str, Student], key: Key) -> dict[str, Student]:
    """The inverse of `of_roster`."""
    real = [
        replace(
            one,
            id=key.id_of(one.id),
            name=key.first[one.id].name if one.id in key.first else one.name,
            group=key.id_of(one.group),
        )
        for one in roster.values()
    ]
    return {student.id: student for student in real}


def renamed(policy: Policy, name: Callable[[str], str]) -> Policy:
    """The policy with another `name` for each student."""
    return replace(
        policy,
        extensions={name(student): at for student, at in policy.extensions.items()},
        submitted={name(student): at for student, at in policy.submitted.items()},
    )


def renamed_adjustments(
    adjustments: Adjustments, name: Callable[[str], str], text: Callable[[str], str] = str
) -> Adjustments:
    """The adjustments with another `name` for each student, and the texts as `text` has them."""
    return Adjustments(
        tuple(
            replace(one, student=name(one.student), reason=text(one.reason))
            for one in adjustments.overrides
        ),
        tuple(
            replace(one, student=name(one.student), text=text(one.text))
            for one in adjustments.comments
        ),
    )


def real_record(record: Record, key: Key) -> Record:
    """The record under the student's id and with the platform's."""
    row = key.first.get(record.student_id)
    if row is None:
        return record
    return replace(record, student_id=row.student_id, platform_id=row.platform_id or None)
