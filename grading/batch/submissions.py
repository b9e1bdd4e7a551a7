"""A student's submission: the files that the course asks for.

A submission mirrors `exercises/`, with or without folders around it, or holds single modules. Only
files listed in the manifest are read. A part may be a notebook instead of its module.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from grading.batch.archives import (
    MB,
    Contents,
    Fault,
    File,
    TooMuch,
    is_archive,
    look_through,
    unreadable,
)
from grading.batch.platforms import SECRET, TIMESTAMP, HandIn, find, plain
from grading.batch.times import FILES, iso
from grading.checks.notebook import NotANotebook, cells_of
from grading.feedback import progress
from grading.files import files_under
from grading.manifest import PRISTINE, Course, Part
from grading.names import listed, plural, shown

__all__ = ["HandIn", "Submission", "find", "read", "sha256_of", "student_id"]

MAX_TOTAL = 20 * MB  # over the files that are taken
MOST_COPIES = 20  # of one module that are looked into
NUMBERED = re.compile(r"(-\d+| ?\(\d+\))$")  # as platforms and browsers tell copies apart


@dataclass(frozen=True)
class Submission:
    """What one student submitted.

    Attributes:
        files: content by the manifest's path, such as part3/model.py or part3/part3.ipynb; one of
            the two for a part.
        warnings: what was ignored, and why.
        problem: why it cannot be graded, in one sentence; then `files` is empty.
        submitted: submission time, ISO 8601 in UTC; None if unknown.
        submitted_by: its source, see `times`; FILES for the modification time of the newest file
            or the archive.
        marked_late: whether a platform that gives no time marks it as late.
        platform_id: the student's id in the platform's own tables.
        minutes: from the first check to the first pass, by task, if the file of progress came
            along.
    """

    student_id: str
    files: dict[Path, bytes]
    warnings: tuple[str, ...]
    problem: str | None
    submitted: str | None
    submitted_by: str | None = None
    marked_late: bool | None = None
    platform_id: str | None = None
    minutes: dict[str, float] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Any]:
        """What is known besides the files, by the names of a record's fields."""
        names = ("submitted", "submitted_by", "marked_late", "platform_id", "minutes")
        return {name: getattr(self, name) for name in names}

    @property
    def sha256(self) -> str:
        """Over paths, lengths and contents, in hexadecimal."""
        return sha256_of((path.as_posix(), self.files[path]) for path in sorted(self.files))


def sha256_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Over paths, lengths and contents in the given order, in hexadecimal."""
    digest = hashlib.sha256()
    for path, content in files:
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def student_id(hand_in: HandIn | Path) -> str:
    return (plain(hand_in) if isinstance(hand_in, Path) else hand_in).student_id


def read(course: Course, hand_in: HandIn | Path) -> Submission:
    """Read a submission: what `find` found, or a folder or an archive.

    Problems are reported in the result and never raised.
    """
    if isinstance(hand_in, Path):
        hand_in = plain(hand_in)
    if hand_in.problem is not None:
        return _ungradable(hand_in, hand_in.problem)
    names = {path.name.casefold() for part in course.parts for path in (part.path, part.notebook)}
    names.add(progress.FILE.name)

    def wanted(name: str) -> bool:
        return is_archive(name) or _plain_name(name) in names

    places = [(piece.path, piece.name, piece.upload) for piece in hand_in.pieces]
    try:
        with ExitStack() as stack:
            return _take(course, hand_in, look_through(places, wanted, stack))
    except TooMuch as error:
        return _ungradable(hand_in, str(error))
    except OSError as error:
        return _ungradable(hand_in, f"{shown(hand_in.pieces[0].path.name)} {unreadable(error)}")


def _ungradable(hand_in: HandIn, problem: str, warnings: Iterable[str] = ()) -> Submission:
    sent = hand_in.sent
    return Submission(
        student_id=hand_in.student_id,
        files={},
        warnings=tuple(warnings),
        problem=problem,
        submitted=sent.at if sent else None,
        submitted_by=sent.by if sent else None,
        marked_late=sent.late if sent else None,
        platform_id=hand_in.platform_id,
    )


# From all that is there to the files that the course asks for


def _take(course: Course, hand_in: HandIn, contents: Contents) -> Submission:
    """The submission, reduced to the files that the manifest lists."""
    files: dict[Path, bytes] = {}
    written: list[float] = []
    warnings: list[str] = []
    private = [file for file in contents.files if progress.FOLDER in file.parts[:-1]]
    rest = [file for file in contents.files if file not in private and not _comes_along(file)]
    for part in course.parts:
        versions = {}
        for wanted in (part.path, part.notebook):
            found = _matches(course, wanted, rest)
            rest = [file for file in rest if file not in found]
            if len(found) > 1:
                found = _worked_in_first(course, part, found)
                names = listed([file.name for file in found[1:]])
                warnings.append(
                    f"there is more than one {wanted.name}: {found[0].name} counts, and not {names}"
                )
            if found:
                if not found[0].upload and found[0].parts[-1] != wanted.name:
                    warnings.append(f"{found[0].name} is used as {wanted.name}: rename it")
                room = MAX_TOTAL - sum(map(len, files.values()))
                version = _version(found[0], room, contents)
                if version is not None:
                    versions[wanted] = version
        if len(versions) == 2:
            module, notebook = (content for content, _ in versions.values())
            if not _is_changed_notebook(course, part, notebook):
                del versions[part.notebook]
            elif not _is_changed_module(course, part, module):
                del versions[part.path]
            else:
                del versions[part.notebook]
                warnings.append(
                    f"part {part.number} was edited in {part.module} and in "
                    f"{part.notebook.name}: {part.module} counts"
                )
        for path, (content, when) in versions.items():
            files[path], warning = _as_utf8(path.name, content)
            warnings += [warning] if warning else []
            written.append(when)

    warnings += [_sentence(names, fault) for fault, names in contents.faults.items()]
    rest.sort(key=lambda file: (not file.name.endswith(".ipynb"), file.parts))
    others = [file for file in rest if not _is_brought(course, file)]
    if others:
        names = listed([_described(file) for file in others])
        warnings.append(f"not asked for, so ignored: {names}")
    if len(rest) > len(others):
        own = plural(len(rest) - len(others), "file")
        warnings.append(f"{own} of the course itself, so ignored: the grader has its own")
    if not files:
        return _ungradable(hand_in, _nothing_taken(course, hand_in, contents), warnings)
    minutes = _minutes(course, private)
    taken = replace(_ungradable(hand_in, "", warnings), files=files, problem=None, minutes=minutes)
    if hand_in.sent is None:
        return replace(taken, submitted=iso(max(written)), submitted_by=FILES)
    return taken


def _matches(course: Course, wanted: Path, files: list[File]) -> list[File]:
    """The files that could be the `wanted` one, best first, including names that differ in case or
    by the number of a copy, such as model-1.py."""
    others = {part.path.parts for part in course.parts} - {wanted.parts}
    called = [
        file
        for file in files
        if _plain_name(file.parts[-1]) == wanted.name.casefold()
        and file.parts[-2:] not in others
        and PRISTINE.name not in file.parts
    ]

    def order(file: File) -> tuple:
        return (
            -file.upload,
            file.parts[-1] != wanted.name,
            file.parts[-1].casefold() != wanted.name.casefold(),
            file.depth,
            file.parts[-2:] != wanted.parts,
            len(file.parts),
            "exercises" not in file.parts,
            file.parts,
        )

    return sorted(called, key=order)


def _worked_in_first(course: Course, part: Part, files: list[File]) -> list[File]:
    """In the same order, but unchanged stubs last: a student who packs the whole course once per
    part submits five stubs of every module."""

    def is_stub(file: File) -> bool:
        is_notebook = file.parts[-1].casefold().endswith(".ipynb")
        changed = _is_changed_notebook if is_notebook else _is_changed_module
        try:
            return not changed(course, part, file.read()[0])
        except (Fault, OSError):
            return False

    return sorted(files[:MOST_COPIES], key=is_stub) + files[MOST_COPIES:]


def _minutes(course: Course, private: list[File]) -> dict[str, float]:
    """How long each task took, by the student's own file of progress, on which no points depend."""
    for file in private:
        if file.parts[-2:] == progress.FILE.parts:
            with suppress(Fault, OSError):
                found = progress.minutes_to_pass(file.read()[0])
                return {task: found[task] for task in course.tasks if task in found}
    return {}


def _plain_name(name: str) -> str:
    """A file's name in lower case and without the number of a copy."""
    path = PurePath(name.casefold())
    return NUMBERED.sub("", path.stem) + path.suffix


def _as_utf8(name: str, content: bytes) -> tuple[bytes, str | None]:
    """The content of a file in UTF-8, and a warning if it was saved as UTF-16."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            return content, f"{name} begins like UTF-16 and is damaged: save it as UTF-8"
        return text.encode("utf-8", "surrogatepass"), (
            f"{name} is saved as UTF-16 and was read as such: save it as UTF-8"
        )
    if b"\0" in content:
        return content, f"{name} has zero bytes in it, as UTF-16 has: save it as UTF-8"
    return content, None


def _version(file: File, room: int, contents: Contents) -> tuple[bytes, float] | None:
    """The content and modification time of a file; None if it cannot be read or is larger than
    `room`, with the fault noted in `contents`."""
    try:
        content, when = file.read()
        if len(content) > room:
            raise Fault(f"would make it more than {MAX_TOTAL // MB} MB in total")
    except Fault as fault:
        contents.refuse("/".join(file.parts), str(fault))
    except OSError as error:
        contents.refuse("/".join(file.parts), unreadable(error))
    else:
        return content, when
    return None


def _is_changed_module(course: Course, part: Part, content: bytes) -> bool:
    """Whether a module differs from the released stub, except in white space."""
    stub = (course.root / PRISTINE / part.path).read_bytes()
    return content.removeprefix(codecs.BOM_UTF8).split() != stub.split()


def _is_changed_notebook(course: Course, part: Part, content: bytes) -> bool:
    """Whether the code in a notebook differs from the released notebook."""
    try:
        handed_out = cells_of((course.exercises / part.notebook).read_bytes())
        return [cell.source for cell in cells_of(content)] != [cell.source for cell in handed_out]
    except (OSError, NotANotebook):
        return True


def _nothing_taken(course: Course, hand_in: HandIn, contents: Contents) -> str:
    """Why no file was accepted, in one sentence."""
    wanted = {path.name for part in course.parts for path in (part.path, part.notebook)}
    whole = [shown(piece.name) for piece in hand_in.pieces]
    faults = [(name, fault) for fault, names in contents.faults.items() for name in names]
    for name, fault in faults:
        if [name] == whole:
            return f"{name} {fault}"
    for name, fault in faults:
        if re.split(r"[/\\]", name)[-1] in wanted or is_archive(name):
            return f"no file that the course asks for could be read: {name} {fault}"
    if not contents.files and not faults:
        kind = "archive" if is_archive(whole[0]) else "folder"
        if contents.installed:
            return f"there is nothing in the {kind} but {listed(sorted(contents.installed))}"
        return f"the {kind} is empty"
    return f"there is no file that the course asks for, such as {course.parts[0].path.as_posix()}"


def _sentence(names: list[str], fault: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {fault}: ignored"
    return f"{listed(names)}: ignored, as each {fault}"


def _described(file: File) -> str:
    """The name of an ignored file, and what a teacher should know about it."""
    if file.name.endswith(".ipynb"):
        return f"{file.name} (a notebook; the course calls them part1.ipynb and so on)"
    return file.name


def _is_brought(course: Course, file: File) -> bool:
    """Whether the course itself has such a file, however deep the submission nests it."""
    own = _own_files(course.root, course.engine)
    tails = (file.parts[start:] for start in range(len(file.parts)))
    return PRISTINE.name in file.parts or any(tail in own for tail in tails)


@cache
def _own_files(root: Path, engine: Path) -> frozenset[tuple[str, ...]]:
    """The paths of what a student gets, and the bare names of what lies beside the modules."""
    given = [path for path in root.iterdir() if path.is_file()]
    for room in ("exercises", "data", "tutorial"):
        given += files_under(root / room)
    paths = [path.relative_to(root) for path in given]
    paths += (path.relative_to(engine) for path in files_under(engine / "grading"))
    beside = {path.parts[-1:] for path in paths if path.parts[0] == "exercises"}
    return frozenset(path.parts for path in paths) | beside


def _comes_along(file: File) -> bool:
    """Whether nbgrader puts such a file into every submission, so that no warning is needed."""
    return file.parts[-1] in (TIMESTAMP, SECRET) or "figures" in file.parts[:-1]
