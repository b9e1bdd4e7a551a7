"""Names and ids are taken out of texts and settings of an anonymous class."""

import builtins
import json
import keyword
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from grading.batch.platforms import HandIn
from grading.batch.pseudonyms import STUDENT, Key, Row
from grading.batch.records import Record
from grading.batch.roster import Student

BY_STUDENT = ("extensions", "submitted")  # sections of a policy, whose settings are ids
NAME = "[name]"  # in place of a part of a name, which may be that of several students
SHORTEST, SHORTEST_NUMBER = 3, 5  # characters: anything shorter is in many texts by chance
WORD = re.compile(r"[^\W\d_]+|\d+")
LETTERS = str.maketrans("øłđ", "old")  # which are no letter with an accent
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"})
PYTHON = {*keyword.kwlist, *dir(builtins)}

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
            members = [one.student_id for one in hand_in.members]
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


# Settings


def toml(text: str, words: Redaction) -> str:
    """A file of settings with pseudonyms for ids, and without comments, which may hold names."""
    return "".join(_toml(tomllib.loads(text), words))


def _toml(document: Mapping[str, Any], words: Redaction, by_student: bool = False) -> Iterator[str]:
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
