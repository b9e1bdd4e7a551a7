"""How Canvas, Moodle, Gradescope and nbgrader deliver submissions, besides plain folders.

Canvas      doejane_LATE_123_456_model.py        loose files of doejane_123; LATE or nothing
Moodle      Jane Doe_123_assignsubmission_file_  a folder of Jane Doe_123, or loose files
Gradescope  submission_123                       a folder; submission_metadata.yml says whose
nbgrader    jane/part3/part3.ipynb               a folder of jane; timestamp.txt in part3
by hand     jane, jane.zip, jane.tar.gz          a folder or an archive of jane
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grading.batch.archives import MB, Fault, is_archive, open_regular, stem
from grading.batch.times import CANVAS, GRADESCOPE, LIST, NBGRADER, Sent, iso, moment, read_list
from grading.errors import UsageError
from grading.names import is_junk, listed, printable, shown

CANVAS_FILE = re.compile(
    r"(?P<name>[^_].*?)_((?P<late>LATE)_)?(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL
)
MOODLE_NAME = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)", re.DOTALL
)
METADATA = "submission_metadata.yml"  # of Gradescope
TIMESTAMP = "timestamp.txt"  # of nbgrader
SECRET = "submission_secret.txt"  # of nbgrader: names the page of feedback
MAX_METADATA = 100 * MB  # it holds all results of the class, with their history
MAX_TIMESTAMP = 200


@dataclass(frozen=True)
class Piece:
    """A folder, an archive or a file that a student submitted.

    Attributes:
        name: what the student called it.
        upload: the platform's number of the upload; a later one has a higher number.
    """

    path: Path
    name: str
    upload: int = 0


@dataclass(frozen=True)
class HandIn:
    """The location of a student's submission, and what the platform says about it.

    Attributes:
        sent: None if only file times are known.
        platform_id: the student's id in the platform's own tables: the ID of Canvas, or the
            identifier of Moodle's grading worksheet.
        problem: why it cannot be graded, in one sentence.
        others: the other members of the student's group, without pieces: each gets this record.
    """

    student_id: str
    pieces: tuple[Piece, ...]
    sent: Sent | None = None
    platform_id: str | None = None
    problem: str | None = None
    others: tuple["HandIn", ...] = ()

    @property
    def members(self) -> tuple["HandIn", ...]:
        """The student and the others of the group."""
        return self, *self.others


def plain(path: Path) -> HandIn:
    """A folder or an archive named after its student."""
    return HandIn(_id(stem(path.name)), (Piece(path, path.name),))


def _id(name: str) -> str:
    """The id of a student, in which unprintable characters are escapes, such as \\udcff."""
    return printable(unicodedata.normalize("NFC", name))


def find(folder: Path) -> tuple[list[HandIn], list[str]]:
    """What each student submitted, and warnings about ignored entries.

    Raises:
        OSError: the folder cannot be listed.
    """
    others, warnings = [], []
    parts: dict[str, list[HandIn]] = {}  # by student, what each entry of the folder contributes
    folder = folder.absolute()
    with os.scandir(folder) as entries:
        entries_ = sorted(entries, key=lambda entry: entry.name)
    told, fault = _gradescope(folder) if any(e.name == METADATA for e in entries_) else ({}, None)
    if fault is not None:
        warnings.append(fault)
    for entry in entries_:
        if is_junk(entry.name) or entry.name == METADATA:
            continue
        found = _hand_in(entry, told)
        if found is None:
            others.append(shown(entry.name))
        else:
            parts.setdefault(found.student_id, []).append(found)
    hand_ins = [_joined(parts[student]) for student in sorted(parts)]
    stamped, ignored = _stamped(hand_ins)
    if others:
        warnings.append(f"ignored, as neither a folder nor a .zip or .tar.gz: {listed(others)}")
    return [_unless_alike(one, list(parts)) for one in stamped], warnings + ignored


def _hand_in(entry: os.DirEntry, told: dict[str, HandIn]) -> HandIn | None:
    """What an entry of the folder contributes to a student's submission; None if nothing."""
    path = Path(entry.path)
    if entry.name in told:
        return replace(told[entry.name], pieces=(Piece(path, entry.name),))
    is_folder = entry.is_dir(follow_symlinks=False)
    if match := MOODLE_NAME.fullmatch(entry.name):
        who = _id(f"{match['name']}_{match['number']}")
        name = entry.name if is_folder else match["file"] or entry.name
        return HandIn(who, (Piece(path, name),), platform_id=f"Participant {int(match['number'])}")
    if not is_folder and (match := CANVAS_FILE.fullmatch(entry.name)):
        who = _id(f"{match['name']}_{match['number']}")
        piece = Piece(path, match["file"], int(match["upload"]))
        return HandIn(who, (piece,), Sent(CANVAS, late=bool(match["late"])), match["number"])
    # a link to a folder, or to nowhere, is refused by name when it is read
    is_link = entry.is_symlink() and not os.path.isfile(entry.path)
    return plain(path) if is_folder or is_link or is_archive(entry.name) else None


def _joined(parts: list[HandIn]) -> HandIn:
    """Merge a student's entries: all files from Canvas and Moodle; otherwise only one is valid."""
    first = parts[0]
    pieces = tuple(piece for part in parts for piece in part.pieces)
    if len(parts) == 1:
        return first
    if first.platform_id is not None:
        late = any(part.sent is not None and part.sent.late for part in parts)
        sent = first.sent and replace(first.sent, late=late)
        return replace(first, pieces=pieces, sent=sent)
    names = [shown(piece.path.name) for piece in pieces]
    problem = (
        f"there is more than one submission for {first.student_id} ({listed(names)}): keep one"
    )
    return replace(first, pieces=pieces, problem=problem)


def _unless_alike(hand_in: HandIn, students: list[str]) -> HandIn:
    """Add a problem if another student's name differs only in case: their records would share a
    file on many systems."""
    alike = sorted(s for s in students if s.lower() == hand_in.student_id.lower())
    if len(alike) == 1:
        return hand_in
    names = listed([shown(name) for name in alike])
    problem = f"{names} differ in capitals only, and would share a file: rename one"
    return replace(hand_in, problem=problem)


# Gradescope


def _gradescope(folder: Path) -> tuple[dict[str, HandIn], str | None]:
    """Who submitted and when, by folder of an export; and a warning if that cannot be read."""
    import yaml

    try:
        with open_regular(folder / METADATA) as file:
            plain_ = yaml.load(
                file.read(MAX_METADATA), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            )
        return {str(name): _submitter(entry) for name, entry in plain_.items()}, None
    except (
        Fault,
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        yaml.YAMLError,
    ) as error:
        words = shown(" ".join(str(error).split()))
        return {}, f"{METADATA} cannot be read, so neither students nor times are known: {words}"


def _submitter(entry: dict) -> HandIn:
    """Raises AttributeError, KeyError, TypeError or ValueError for any other form of an entry."""
    people = entry[":submitters"]
    names = [person.get(":email") or person.get(":sid") or person[":name"] for person in people]
    created = entry.get(":created_at")
    if isinstance(created, str):
        created = moment(created)
    if isinstance(created, datetime) and created.utcoffset() is None:
        created = created.replace(tzinfo=UTC)  # YAML's own times are in UTC
    at = iso(created) if isinstance(created, datetime) else None
    who = _id("+".join(sorted(map(str, names))))
    if not who:
        raise ValueError("a submission without a submitter")
    return HandIn(who, (), Sent(GRADESCOPE, at) if at else None)


# nbgrader


def _stamped(hand_ins: list[HandIn]) -> tuple[list[HandIn], list[str]]:
    """Add the times that nbgrader wrote; also returns warnings.

    A student can fake such a file, so it counts only if most students have one.
    """
    times = {one.student_id: list(_timestamps(one)) for one in hand_ins if one.sent is None}
    have = [student for student, found in times.items() if found]
    if not have:
        return hand_ins, []
    if 2 * len(have) <= len(hand_ins):
        names = listed([shown(student) for student in have])
        return hand_ins, [f"{TIMESTAMP} is not believed, as most students have none: {names}"]
    stamped, unread = [], []
    for one in hand_ins:
        read = [moment(text) for text in times.get(one.student_id, ())]
        known = [time for time in read if time is not None]
        if len(known) < len(read):
            unread.append(shown(one.student_id))
        at = iso(max(known)) if known and len(known) == len(read) else None
        stamped.append(replace(one, sent=Sent(NBGRADER, at)) if at else one)
    warnings = [f"the time in {TIMESTAMP} cannot be read: {listed(unread)}"] if unread else []
    return stamped, warnings


def _timestamps(hand_in: HandIn) -> Iterator[str]:
    """What nbgrader wrote next to each of a student's assignments."""
    for piece in hand_in.pieces:
        try:
            with os.scandir(piece.path) as entries:
                folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:  # an archive, a file or a link; or `read` says what is wrong
            continue
        for folder in folders:
            try:
                with open_regular(Path(folder) / TIMESTAMP) as file:
                    yield file.read(MAX_TIMESTAMP).decode(errors="replace")
            except (Fault, OSError):
                continue


# A list of times, given by hand or by Moodle


def timed(
    hand_ins: list[HandIn],
    path: Path,
    names: Callable[[str], list[str]] = lambda name: [name],
    tell: Callable[[str], str] = shown,
) -> tuple[list[HandIn], list[str]]:
    """With the times that a list gives, by any of a student's ids, and warnings.

    Args:
        names: what a student is called whom the list names so.
        tell: what a student is called in a warning.

    Raises:
        UsageError: the list cannot be read, or names nobody who submitted.
    """
    said, local = read_list(path)
    times = {name: at for student, at in said.items() for name in names(student)}

    def with_time(one: HandIn) -> HandIn:
        at = times.get(one.student_id) or times.get(one.platform_id or "")
        return replace(one, sent=Sent(LIST, at)) if at else one

    found = [with_time(one) for one in hand_ins]
    without = [one.student_id for one in found if one.sent is None or one.sent.by != LIST]
    if len(without) == len(found):
        known = listed([shown(student) for student in times]) if times else "nobody"
        raise UsageError(
            f"{path} has no time of anybody who submitted: it names {known}; "
            f"submissions are from {listed([shown(one) for one in without])}"
        )
    warnings = (
        [f"{path} has no time of {listed([tell(one) for one in without])}"] if without else []
    )
    if local:
        zone = datetime.now().astimezone().tzname()
        warnings.append(
            f"{path} has times without a time zone; they are read as local time here ({zone}); "
            "set TZ if that is another zone"
        )
    return found, warnings
