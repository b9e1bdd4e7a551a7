"""What students handed in: found in a folder, and read without trusting any of it.

A submission is a folder or a zip archive named after the student. It mirrors `exercises/`, with or
without folders around it, or holds single modules. Only the files that the manifest lists are read;
nothing is run, unpacked to disk or followed. A part may come as a notebook in place of its module.
"""

import codecs
import hashlib
import io
import math
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from grading.batch.names import is_junk, listed, printable, shown
from grading.checks.notebook import NotANotebook, cells_of
from grading.manifest import PRISTINE, Course, Part

MB = 1_000_000
MAX_FILE = 1 * MB
MAX_NOTEBOOK = 10 * MB  # it holds what its cells printed and drew
MAX_TOTAL = 20 * MB  # over the files that are taken
MAX_ENTRIES = 2000  # files and folders in one submission, junk aside
MAX_DIRECTORY = 4 * MB  # a zip archive's list of its members, which is read whole


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        files: content by the manifest's path, such as part3/model.py or part3/part3.ipynb; one of
            the two for a part.
        warnings: what was not taken, and why.
        problem: why it cannot be graded, in one sentence; `files` is empty then.
        submitted: ISO 8601 in UTC: when the newest of the files, or the archive, was last written;
            None where that is not known.
    """

    student_id: str
    files: dict[Path, bytes]
    warnings: tuple[str, ...]
    problem: str | None
    submitted: str | None

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


def find(folder: Path) -> tuple[list[Path], list[str]]:
    """The submissions in a folder, one a student and sorted by student, and warnings about the
    entries that are none. Where a student has two, `read` says so.

    Raises:
        OSError: the folder cannot be listed.
    """
    submissions: dict[str, Path] = {}
    others = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if _is_submission(entry):
                submissions.setdefault(student_id(Path(entry.name)), folder / entry.name)
            elif not _is_junk(entry.name):
                others.append(shown(entry.name))
    warnings = []
    if others:
        warnings.append(f"neither a folder nor a .zip file, so not looked at: {listed(others)}")
    return [submissions[student] for student in sorted(submissions)], warnings


def student_id(path: Path) -> str:
    """The name of the folder, or of the archive without `.zip`. What cannot be printed is written
    as an escape, such as \\udcff."""
    name = path.name[:-4] if _is_zip(path.name) else path.name
    return printable(unicodedata.normalize("NFC", name))


def read(course: Course, path: Path) -> Submission:
    """Read one submission. Whatever is wrong with it is told in the result, never raised."""
    student = student_id(path)
    try:
        _refuse_second(path)
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise _Fault("is a symbolic link, which is not followed")
        if stat.S_ISDIR(mode):
            return _take(course, student, _in_folder(path), "folder")
        if not _is_zip(path.name):
            raise _Fault("is neither a folder nor a .zip file")
        with _Bounded(_open_regular(path)) as file:
            return _take(course, student, _in_zip(file), "archive")
    except _Problem as problem:
        sentence = str(problem)
    except _Fault as fault:
        sentence = f"{shown(path.name)} {fault}"
    except OSError as error:
        sentence = f"{shown(path.name)} {_unreadable(error)}"
    return Submission(student, {}, (), sentence, None)


class _Problem(Exception):
    """Why a submission cannot be graded, in one sentence."""


class _Fault(Exception):
    """Why something is not taken: the end of a sentence that starts with its name."""


@dataclass(frozen=True)
class _File:
    """A file in a submission.

    Attributes:
        parts: its path, split at the slashes.
        read: gives the content, never more bytes than are allowed, and the time it was last
            written, in seconds since 1970; raises _Fault or OSError.
    """

    parts: tuple[str, ...]
    read: Callable[[], tuple[bytes, float]]

    @property
    def name(self) -> str:
        return shown("/".join(self.parts))


@dataclass(frozen=True)
class _Contents:
    """What is in a submission: files, and by fault the names of those that are not to be read."""

    files: list[_File] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, fault: str) -> None:
        self.faults.setdefault(fault, []).append(shown(name))


# From all that is there to the files that the course asks for


def _take(course: Course, student: str, contents: _Contents, kind: str) -> Submission:
    """The submission made of those files that the manifest asks for.

    Args:
        kind: what holds them, in one word for a message.
    """
    if not contents.files and not contents.faults:
        return Submission(student, {}, (), f"the {kind} is empty", None)
    files: dict[Path, bytes] = {}
    written: list[float] = []
    warnings: list[str] = []
    rest = contents.files
    for part in course.parts:
        versions = {}
        for wanted in (part.path, part.notebook):
            found = _matches(course, wanted, rest)
            rest = [file for file in rest if file not in found]
            if len(found) > 1:
                names = listed([file.name for file in found[1:]])
                warnings.append(
                    f"there is more than one {wanted.name}: {found[0].name} counts, and not {names}"
                )
            if found:
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
                    f"part {part.number} was worked on in {part.module} and in "
                    f"{part.notebook.name}: {part.module} counts"
                )
        for path, (content, when) in versions.items():
            files[path] = content
            written.append(when)

    warnings += [_sentence(names, fault) for fault, names in contents.faults.items()]
    others = [file for file in _notebooks_first(rest) if not _is_brought(course, file)]
    if others:
        names = listed([_described(course, file) for file in others])
        warnings.append(f"not asked for, so not taken: {names}")
    if len(rest) > len(others):
        count = len(rest) - len(others)
        counted = "1 file" if count == 1 else f"{count} files"
        warnings.append(f"{counted} of the course itself, so not taken: the grader has its own")
    problem = None if files else _nothing_taken(course, contents)
    return Submission(student, files, tuple(warnings), problem, _iso(max(written, default=None)))


def _matches(course: Course, wanted: Path, files: list[_File]) -> list[_File]:
    """The files that could be the `wanted` one, best first, and those that differ from it in
    capitals only; none if there are only such."""
    others = {part.path.parts for part in course.parts} - {wanted.parts}
    called = [
        file
        for file in files
        if file.parts[-1].casefold() == wanted.name.casefold()
        and file.parts[-2:] not in others
        and PRISTINE.name not in file.parts
    ]

    def order(file: _File) -> tuple:
        return (
            file.parts[-1] != wanted.name,
            file.parts[-2:] != wanted.parts,
            len(file.parts),
            "exercises" not in file.parts,
            file.parts,
        )

    called.sort(key=order)
    return called if called and called[0].parts[-1] == wanted.name else []


def _version(file: _File, room: int, contents: _Contents) -> tuple[bytes, float] | None:
    """The content of a file, and when it was last written; None, and the fault noted in
    `contents`, where it cannot be taken or is larger than `room`."""
    try:
        content, when = file.read()
        if len(content) > room:
            raise _Fault(f"would make it more than {MAX_TOTAL // MB} MB in total")
    except _Fault as fault:
        contents.refuse("/".join(file.parts), str(fault))
    except OSError as error:
        contents.refuse("/".join(file.parts), _unreadable(error))
    else:
        return content, when
    return None


def _is_changed_module(course: Course, part: Part, content: bytes) -> bool:
    """Whether a module is another than the course handed out, white space aside."""
    stub = (course.root / PRISTINE / part.path).read_bytes()
    return content.removeprefix(codecs.BOM_UTF8).split() != stub.split()


def _is_changed_notebook(course: Course, part: Part, content: bytes) -> bool:
    """Whether the code in a notebook is another than the course handed out."""
    try:
        handed_out = cells_of((course.exercises / part.notebook).read_bytes())
        return [cell.source for cell in cells_of(content)] != [cell.source for cell in handed_out]
    except (OSError, NotANotebook):
        return True


def _nothing_taken(course: Course, contents: _Contents) -> str:
    """Why no file was taken, in one sentence."""
    modules = {path.name for part in course.parts for path in (part.path, part.notebook)}
    for fault, names in contents.faults.items():
        for name in names:
            if re.split(r"[/\\]", name)[-1] in modules:
                return f"no file that the course asks for could be read: {name} {fault}"
    return f"there is no file that the course asks for, such as {course.parts[0].path.as_posix()}"


def _described(course: Course, file: _File) -> str:
    """The name of a file that is not taken, and what a teacher should know about it."""
    if file.name.endswith(".ipynb"):
        return f"{file.name} (a notebook; the course calls them part1.ipynb and so on)"
    if PRISTINE.name not in file.parts:
        for part in course.parts:
            if file.parts[-1].casefold() == part.module.casefold():
                return f"{file.name} (the course calls it {part.module})"
    return file.name


def _notebooks_first(files: list[_File]) -> list[_File]:
    return sorted(files, key=lambda file: (not file.name.endswith(".ipynb"), file.parts))


def _is_brought(course: Course, file: _File) -> bool:
    """Whether the course itself brings a file of this name."""
    brought = {"README.md", "probes.py", "course.toml"}
    brought |= {f"test_{part.folder}.py" for part in course.parts}
    return file.parts[-1] in brought or PRISTINE.name in file.parts


def _is_submission(entry: os.DirEntry) -> bool:
    """Whether an entry among the submissions stands for a student."""
    if _is_junk(entry.name):
        return False
    if _is_zip(entry.name) or entry.is_dir(follow_symlinks=False):
        return True
    return entry.is_symlink() and not os.path.isfile(entry.path)  # `read` refuses it, by name


def _refuse_second(path: Path) -> None:
    """Raise _Problem if the student has another submission beside this one.

    Two students whose names differ in capitals only would share a file on many systems.
    """
    student = student_id(path)
    with os.scandir(path.parent) as entries:
        same = sorted(
            entry.name
            for entry in entries
            if student_id(Path(entry.name)).lower() == student.lower() and _is_submission(entry)
        )
    if len(same) == 2 and [_is_zip(name) for name in same] == [False, True]:
        raise _Problem(f"there is both a folder and a zip for {student}: keep one")
    if len({student_id(Path(name)) for name in same}) > 1:
        names = listed([shown(name) for name in same])
        raise _Problem(f"{names} differ in capitals only, and would share a file: rename one")
    if len(same) > 1:
        names = listed([shown(name) for name in same])
        raise _Problem(f"there is more than one submission for {student} ({names}): keep one")


# Folders


def _in_folder(folder: Path) -> _Contents:
    """What is in a folder, at any depth.

    Raises:
        OSError: the folder itself cannot be listed.
        _Problem: there is too much in it.
    """
    contents = _Contents()
    waiting: deque[tuple[str, ...]] = deque([()])
    count = 0
    while waiting:
        parts = waiting.popleft()
        try:
            with os.scandir(folder.joinpath(*parts)) as entries:
                for entry in entries:
                    count += 1
                    if count > MAX_ENTRIES:
                        raise _Problem(_too_many("folder"))
                    _look_at(entry, (*parts, entry.name), contents, waiting)
        except OSError as error:
            if not parts:
                raise
            contents.refuse("/".join(parts), _unreadable(error))
    return contents


def _look_at(
    entry: os.DirEntry,
    parts: tuple[str, ...],
    contents: _Contents,
    waiting: deque[tuple[str, ...]],
) -> None:
    """Put an entry of a folder where it belongs; `parts` is its path in the submission."""
    if _is_junk(entry.name):
        return
    if entry.is_symlink():
        contents.refuse("/".join(parts), "is a symbolic link, which is not followed")
    elif entry.is_dir(follow_symlinks=False):
        waiting.append(parts)
    elif entry.is_file(follow_symlinks=False):
        contents.files.append(_File(parts, partial(_read_file, Path(entry.path))))
    else:
        contents.refuse("/".join(parts), "is not a regular file")


def _read_file(path: Path) -> tuple[bytes, float]:
    with io.BufferedReader(_open_regular(path)) as file:
        status = os.fstat(file.fileno())
        limit = _limit(path.name)
        if status.st_size > limit:
            raise _Fault(_too_large(status.st_size, limit))
        content = file.read(limit + 1)
    if len(content) > limit:  # it grew meanwhile
        raise _Fault(_too_large(len(content), limit))
    return content, status.st_mtime


def _open_regular(path: Path) -> io.FileIO:
    """Open a file to read; raises _Fault for a link, a pipe, a socket or a device.

    Opening a pipe waits for somebody to write, and opening a device may do something: so the kind
    is looked at before, and again once the file is open and cannot be exchanged any more.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _Fault("is not a regular file")
    file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise _Fault("is not a regular file")
    return file


# Zip archives


class _Bounded(io.BufferedReader):
    """A file that refuses a long read: zipfile reads the list of members whole, however long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise zipfile.BadZipFile("the list of its members is too long")
        return super().read(size)


def _in_zip(file: io.BufferedReader) -> _Contents:
    """What is in an archive, which has to stay open as long as the contents are read.

    Raises:
        _Fault: it is not an archive.
        _Problem: there is too much in it.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # zipfile has no one kind of error for what it does not understand
        raise _Fault(f"cannot be read as a zip archive ({shown(str(error))})") from error
    when = os.fstat(file.fileno()).st_mtime
    overlapping = _overlapping(archive)
    paths = {info: _member_path(info) for info in archive.infolist()}
    times = Counter(parts for info, parts in paths.items() if not _is_folder(info))
    contents = _Contents()
    count = 0
    for info, parts in paths.items():
        if ".." not in parts and _is_junk(*parts):
            continue
        count += 1
        if count > MAX_ENTRIES:
            raise _Problem(_too_many("archive"))
        if _is_folder(info):
            continue
        fault = _member_fault(info)
        if fault is None and times[parts] > 1:
            fault = "is in the archive more than once"
        if fault is None and info in overlapping:
            fault = "overlaps another member of the archive"
        if fault is not None:
            contents.refuse(info.orig_filename, fault)
        else:
            contents.files.append(_File(parts, partial(_read_member, archive, info, when)))
    return contents


def _member_path(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """A member's path, split at slashes and at the backslashes that some programs write."""
    parts = info.orig_filename.replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", "."))


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\"))


def _member_fault(info: zipfile.ZipInfo) -> str | None:
    """Why a member is not taken whatever it holds: its path, or that it is no plain file."""
    name = info.orig_filename
    parts = _member_path(info)
    if not parts or "\0" in name:
        return "has a name that cannot be"
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name) or ".." in parts:
        return "has a path that leads out of the archive"
    mode = info.external_attr >> 16  # as Unix programs write it; 0 elsewhere
    if stat.S_ISLNK(mode):
        return "is a symbolic link, which is not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is not a regular file"
    return None


def _overlapping(archive: zipfile.ZipFile) -> set[zipfile.ZipInfo]:
    """The members that share bytes of the archive with another, as no honest program packs them."""
    overlapping: set[zipfile.ZipInfo] = set()
    furthest, end = None, 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if furthest is not None and info.header_offset < end:
            overlapping |= {furthest, info}
        least = info.header_offset + 30 + info.compress_size  # a header has 30 bytes and the name
        if furthest is None or least > end:
            furthest, end = info, least
    return overlapping


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, when: float
) -> tuple[bytes, float]:
    if info.flag_bits & 0x1:
        raise _Fault("is encrypted")
    # the other methods are rare, and zipfile unpacks them without a bound on the memory
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Fault("is compressed in a way that is not supported")
    limit = _limit(info.orig_filename)
    if info.file_size > limit:
        raise _Fault(_too_large(info.file_size, limit))
    try:
        with archive.open(info) as member:
            content = member.read(limit + 1)
    except Exception as error:  # see above
        raise _Fault(f"is damaged ({shown(str(error))})") from error
    if len(content) != info.file_size:
        raise _Fault("is damaged (its size is not the one that the archive declares)")
    return content, when


# Words


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_junk(*parts: str) -> bool:
    """Whether a path leads to what systems and programs leave behind, and nobody hands in."""
    return any(is_junk(part) and part != PRISTINE.name for part in parts)


def _iso(when: float | None) -> str | None:
    """Seconds since 1970 as ISO 8601; None for what no calendar holds."""
    try:
        return None if when is None else datetime.fromtimestamp(when, UTC).isoformat("T", "seconds")
    except (OSError, OverflowError, ValueError):
        return None


def _sentence(names: list[str], fault: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {fault}: not taken"
    return f"{listed(names)}: not taken, as each {fault}"


def _unreadable(error: OSError) -> str:
    return f"cannot be read ({error.strerror or error})"


def _limit(name: str) -> int:
    """The most bytes that a file of this name may have."""
    return MAX_NOTEBOOK if name.endswith(".ipynb") else MAX_FILE


def _too_large(size: int, limit: int) -> str:
    words = f"is {math.ceil(10 * size / MB) / 10} MB, more than the {limit // MB} MB allowed"
    return words if limit == MAX_FILE else f"{words}: clear its outputs and save it again"


def _too_many(kind: str) -> str:
    return f"there are more than {MAX_ENTRIES} files and folders in the {kind}"
