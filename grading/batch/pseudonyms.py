"""Pseudonyms: every output of an anonymous class names student-017, and one file says who that is.

The key has a row for each name that a student or a group goes by. The first row of a pseudonym has
the id; others have what else its submissions were called. Numbers are drawn at random, since those
in the order of the names would say much about them.
"""

import builtins
import csv
import io
import json
import keyword
import random
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from grading.backup import write_whole
from grading.batch import tables
from grading.batch.adjustments import Adjustments
from grading.batch.platforms import HandIn
from grading.batch.policy import Policy
from grading.batch.records import Record
from grading.batch.roster import Student
from grading.spreadsheets import harmless

KEPT = "key.csv"  # in the folder of grades
COLUMNS = ("pseudonym", "student_id", "platform_id", "name")
STUDENT, GROUP = "student", "group"
BY_STUDENT = ("extensions", "submitted")  # sections of a policy, whose settings are ids
NAME = "[name]"  # in place of a part of a name, which may be that of several students
SHORTEST, SHORTEST_NUMBER = 3, 5  # characters: anything shorter is in many texts by chance
WORD = re.compile(r"[^\W\d_]+|\d+")
LETTERS = str.maketrans("øłđ", "old")  # which are no letter with an accent
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"})
PYTHON = {*keyword.kwlist, *dir(builtins)}


class KeyFileError(Exception):
    """The key cannot be used; the message names file, line and the fix."""


@dataclass(frozen=True)
class Row:
    """A name that a student or a group goes by, and the student's id on the platform."""

    pseudonym: str
    student_id: str
    platform_id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Key:
    """Who is who."""

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
        return (
            [name for name, one in self.labels.items() if one == label]
            if "#" in label
            else self.names(label)
        )


# The file


def kept_in(out: Path) -> Key | None:
    """The key of a folder of grades; None if it is not anonymous.

    Raises:
        KeyFileError
    """
    path = out / KEPT
    if not path.is_file():
        return None
    try:
        headings, rows = tables.read(path)
    except ValueError as error:
        raise KeyFileError(str(error)) from error
    if missing := [name for name in COLUMNS if name not in headings]:
        raise KeyFileError(f"{path} has no column {missing[0]}; it is not the key of a class")
    found = tuple(Row(*(row.cells[name] for name in COLUMNS)) for row in rows)
    seen: dict[str, str] = {}
    for row in found:
        once = seen.setdefault(row.student_id, row.pseudonym) == row.pseudonym
        if not (row.pseudonym and row.student_id and once):
            raise KeyFileError(
                f"{path}: {row.student_id or row.pseudonym} has no pseudonym, no id or two of "
                "them; put the file back as it was written"
            )
    return Key(found)


def write(key: Key, path: Path) -> None:
    """Write the key, readable for its owner alone."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(COLUMNS)
    for row in key.rows:
        out.writerow(harmless(getattr(row, column)) for column in COLUMNS)
    write_whole(path, file.getvalue(), mode=0o600)


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
        called: whose each submission is, see `groups.called`.
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


def toml(text: str, words: "Redaction") -> str:
    """A file of settings with pseudonyms for ids, and without comments, which may hold names."""
    return "".join(_toml(tomllib.loads(text), words))


def _toml(
    document: Mapping[str, Any], words: "Redaction", by_student: bool = False
) -> Iterator[str]:
    of = words.key.of
    for key, value in document.items():
        if not _is_table(value):
            change = {"student": of, "reason": words.line, "text": words.line}.get(key, str)
            said = _string(change(value)) if isinstance(value, str) else _value(value)
            yield f"{_string(of(key) if by_student else key)} = {said}\n"
    for key, value in document.items():
        if _is_table(value):
            heading = f"[{key}]" if isinstance(value, dict) else f"[[{key}]]"
            for table in [value] if isinstance(value, dict) else value:
                yield f"\n{heading}\n"
                yield from _toml(table, words, key in BY_STUDENT)


def _is_table(value: Any) -> bool:
    """Whether it is a table or a list of them."""
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    )


def _value(value: Any) -> str:
    """A number, a truth value or a time, of which settings are made besides texts."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which are TOML's escapes, too


# Texts

Words = Mapping[str, Sequence[tuple[str, str]]]  # beginning → what begins so, and its replacement


@dataclass(frozen=True)
class Redaction:
    """Takes names and ids out of texts. What somebody calls themselves in other words stays.

    Attributes:
        teams: by pseudonym, those of everybody, and of the group, whose work it is.
    """

    key: Key
    teams: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, key: Key, hand_ins: Iterable[HandIn], roster: Mapping[str, Student]) -> "Redaction":
        """For submissions and a roster under pseudonyms."""
        teams: dict[str, Sequence[str]] = {}
        for hand_in in hand_ins:
            members = [one.student_id for one in (hand_in, *hand_in.others)]
            groups = [roster[one].group for one in members if one in roster]
            teams |= {member: (*members, *groups) for member in members}
        return cls(key, teams)

    def record(self, record: Record) -> Record:
        """Without names and ids in what a student's files and code said."""
        tasks = tuple(
            replace(task, message=self.message(record.student_id, task.message))
            for task in record.tasks
        )
        return replace(
            record,
            anonymous=True,
            tasks=tasks,
            reason=record.reason and self.about_files(record.student_id, record.reason),
            warnings=tuple(self.about_files(record.student_id, one) for one in record.warnings),
        )

    def line(self, text: str) -> str:
        """A sentence about the class, in which any name may be."""
        return _replaced(text, self._everybody, self._all_parts)

    def about_files(self, student: str, text: str) -> str:
        """A sentence about a student's files."""
        return _replaced(text, self._own(student), self._everybody)

    def message(self, student: str, text: str) -> str:
        """What checks and the student's code said, in which Python's own words are no names."""
        return _replaced(text, self._own(student), self._everybody, code=True)

    def code(self, text: str) -> str:
        """A program of the same length, in which an x stands for each character of any name."""
        return _replaced(text, self._everybody, self._all_parts, code=True, mask=True)

    @cached_property
    def _everybody(self) -> Words:
        """Ids and whole names; and pseudonyms, which stay as they are."""
        bearers = Counter(row.name for row in self.key.rows if row.name)
        pairs = [(one, one) for one in self.key.first]
        for row in self.key.rows:
            whose = row.pseudonym if bearers[row.name] == 1 else NAME
            pairs += [(row.student_id, row.pseudonym), (row.name, whose)]
        return _by_beginning((text, instead) for text, instead in pairs if not text.isdecimal())

    @cached_property
    def _all_parts(self) -> Words:
        return _by_beginning(pair for row in self.key.rows for pair in _parts(row))

    def _own(self, student: str) -> Words:
        """What those go by whose work it is; the words of a name may be in that of anybody."""
        team = [student, *(one for one in self.teams.get(student, ()) if one != student)]
        rows = [row for one in team for row in self.key.rows_of.get(one, ())]
        pairs = [(one, one) for one in team]
        pairs += [(text, row.pseudonym) for row in rows for text in (row.student_id, row.name)]
        pairs = [pair for pair in pairs if not pair[0].isdecimal()]
        return _by_beginning([*pairs, *(pair for row in rows for pair in _parts(row))])


def _parts(row: Row) -> Iterator[tuple[str, str]]:
    """Words of a name and of an id, and long numbers; nothing of a group's name."""
    for number in (row.student_id, row.platform_id):
        if number.isdecimal() and len(number) >= SHORTEST_NUMBER:
            yield number, row.pseudonym
    if row.pseudonym.startswith(STUDENT):
        for text in (row.name, row.student_id.partition("@")[0]):
            words = [word for word in WORD.findall(text) if not word.isdecimal()]
            yield from ((word, NAME) for word in (*words, *_run_together(words)))


def _run_together(words: Sequence[str]) -> set[str]:
    """Words of a name without anything between them, as in names of files."""
    if len(words) < 2:
        return set()
    first, last = words[0], words[-1]
    return {first + last, last + first, "".join(words), *map("".join, pairwise(words))}


def _spellings(text: str) -> Iterator[str]:
    """Without accents, and with a second letter for an umlaut; `text` is folded."""
    for table in (LETTERS, LETTERS | UMLAUTS):
        letters = unicodedata.normalize("NFKD", text.translate(table))
        yield "".join(one for one in letters if not unicodedata.combining(one))


def _folded(text: str) -> str:
    """In lower case and of the same length, in which one letter is one whatever follows it."""
    return text.replace("İ", "i").lower().translate(str.maketrans("ıς", "iσ"))


def _by_beginning(pairs: Iterable[tuple[str, str]]) -> Words:
    """Of equal texts the first counts, and other spellings after all. What is too short is left
    out."""
    folded = [
        (_folded(text[first.start() :]), replacement)
        for text, replacement in pairs
        if (first := WORD.search(text))
    ]
    respelled = [(other, instead) for text, instead in folded for other in _spellings(text)]
    instead: dict[str, str] = {}
    for text, replacement in (*folded, *respelled):
        if len(text) >= SHORTEST:
            instead.setdefault(text, replacement)
    found: dict[str, list[tuple[str, str]]] = {}
    for text, replacement in instead.items():
        found.setdefault(text[:SHORTEST], []).append((text, replacement))
    return found


def _replaced(text: str, *words: Words, code: bool = False, mask: bool = False) -> str:
    """The text without what is in `words`: the longest first, of equal ones the first."""
    if not mask:  # which keeps the length
        text = unicodedata.normalize("NFC", text)
    folded = _folded(text)
    pieces, done = [], 0
    for start in _beginnings(text):
        if start < done:
            continue
        known = [pair for of in words for pair in of.get(folded[start : start + SHORTEST], ())]
        for hidden, instead in sorted(known, key=lambda pair: -len(pair[0])):
            end = start + len(hidden)
            if code and text[start:end] in PYTHON:
                continue
            if folded[start:end] == hidden and not _is_inside(text, end):
                pieces += [text[done:start], "x" * len(hidden) if mask else instead]
                done = end
                break
    return "".join([*pieces, text[done:]])


def _beginnings(text: str) -> Iterator[int]:
    """Where a word or a number begins, also as in AnnaBerg2."""
    for match in WORD.finditer(text):
        yield match.start()
        if not (match[0].islower() or match[0].isupper()):
            inside = range(match.start() + 1, match.end())
            yield from (at for at in inside if not _is_inside(text, at))


def _is_inside(text: str, at: int) -> bool:
    """Whether a word or a number goes on at this place. Where letters have no case, as in Chinese,
    a word may begin and end at any."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if before.isalpha() and after.isalpha():
        cased = all(one.islower() or one.isupper() for one in (before, after))
        return cased and not (before.islower() and after.isupper())
    return before.isdecimal() and after.isdecimal()
