"""Read untrusted folders, files and archives within bounds.

Nothing is run or unpacked to disk, and no link is followed. Whatever cannot be read is recorded
with its fault; this module raises only `TooMuch`, and OSError if a folder cannot be listed.
"""

import gzip
import io
import math
import os
import re
import stat
import tarfile
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO

from grading.feedback import progress
from grading.manifest import PRISTINE
from grading.names import INSTALLED, is_junk, shown

MB = 1_000_000
MAX_FILE = 1 * MB
MAX_NOTEBOOK = 10 * MB  # a notebook includes the output of its cells
MAX_INNER = 20 * MB  # an archive in an archive, which is read into memory
MAX_HELD = 60 * MB  # everything read into memory while searching
MAX_ENTRIES = 2000  # files and folders in one submission, except junk
MAX_MEMBERS = 100_000  # members of archives, junk included: an environment has some 30,000
MAX_DIRECTORY = 12 * MB  # a zip archive's central directory, which is read whole
MAX_UNPACKED = 2000 * MB  # of a tar archive, which must be unpacked to be listed
MAX_DEPTH = 2  # an archive in an archive is opened, but none inside that
KEPT = (PRISTINE.name, progress.FOLDER)  # hidden folders of the course that are looked into
CHUNK = 64 * 1024  # bytes read at a time, and the longest header of a tar member

# older tarfiles look for a number in the text after a header of these kinds in quadratic time
LONG_NUMBER = re.compile(rb"\d{100}")

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz")


class TooMuch(Exception):
    """There is more than any real submission holds; the message is a sentence."""


class Fault(Exception):
    """Why something is not read: the end of a sentence that starts with its name."""


@dataclass(frozen=True)
class File:
    """A submitted file.

    Attributes:
        parts: its path, split at the slashes; an archive that contains it counts as a folder.
        read: returns the content, limited to the allowed size, and the modification time, in
            seconds since 1970; raises Fault or OSError.
        path: its path on this machine; None inside an archive.
        depth: the number of archives that contain it.
        upload: the platform's number of the upload; a later one has a higher number.
    """

    parts: tuple[str, ...]
    read: Callable[[], tuple[bytes, float]]
    path: Path | None = None
    depth: int = 0
    upload: int = 0

    @property
    def name(self) -> str:
        return shown("/".join(self.parts))


@dataclass
class Contents:
    """The contents of a submission.

    Attributes:
        wanted: whether a file of this name may have to be read. A tar archive cannot be read twice,
            so such files of it are held in memory.
        faults: by fault, the names of unreadable entries.
        installed: the names of skipped folders, such as venv.
    """

    wanted: Callable[[str], bool]
    files: list[File] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    installed: set[str] = field(default_factory=set)
    n_entries: int = 0
    n_members: int = 0
    held: int = 0

    def refuse(self, name: str, fault: str) -> None:
        self.faults.setdefault(fault, []).append(shown(name))

    def is_junk(self, *parts: str) -> bool:
        """Whether a path belongs to files that systems and programs leave behind."""
        self.installed |= INSTALLED.intersection(parts)
        return any(is_junk(part) and part not in KEPT for part in parts)

    def count(self) -> None:
        """Count one more file or folder."""
        self.n_entries += 1
        if self.n_entries > MAX_ENTRIES:
            raise TooMuch(f"there are more than {MAX_ENTRIES} files and folders in it")

    def count_member(self, number: int = 1) -> None:
        self.n_members += number
        if self.n_members > MAX_MEMBERS:
            raise TooMuch(f"there are more than {MAX_MEMBERS} members in its archives")

    def hold(self, size: int) -> None:
        """Count bytes held in memory."""
        if self.held + size > MAX_HELD:
            raise Fault(f"would make it more than {MAX_HELD // MB} MB in all archives")
        self.held += size


def is_archive(name: str) -> bool:
    return name.lower().endswith(ZIP + TAR)


def stem(name: str) -> str:
    """The name of an archive without its extension; any other name unchanged."""
    endings = [ending for ending in ZIP + TAR if name.lower().endswith(ending)]
    return name[: -max(map(len, endings))] if endings else name


def look_through(
    places: Iterable[tuple[Path, str, int]], wanted: Callable[[str], bool], stack: ExitStack
) -> Contents:
    """Everything in these places; its files can be read until `stack` is closed.

    Args:
        places: folders, archives and files: the path of each, the name that its student gave it,
            and the platform's number of the upload.

    Raises:
        TooMuch: the submission must not be graded.
        OSError: a folder cannot be listed.
    """
    contents = Contents(wanted)
    places = list(places)
    for path, name, upload in places:
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            _list_folder(path, contents)
        elif stat.S_ISLNK(mode):
            contents.refuse(name, "is a symbolic link, which is not followed")
        else:
            contents.files.append(File((name,), partial(_read_file, path), path, upload=upload))
    waiting = deque(contents.files)
    contents.files.clear()
    while waiting:
        file = waiting.popleft()
        if not is_archive(file.parts[-1]):
            contents.files.append(file)
            continue
        # the archive that is the whole submission does not count as a folder
        inside = () if len(places) == 1 and file.path == places[0][0] else file.parts
        try:
            waiting.extend(_members(file, inside, contents, stack))
        except Fault as fault:
            contents.refuse("/".join(file.parts), str(fault))
        except OSError as error:
            contents.refuse("/".join(file.parts), unreadable(error))
    return contents


# Folders


def _list_folder(folder: Path, contents: Contents) -> None:
    """Add what is in a folder, at any depth.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        parts = waiting.popleft()
        try:
            with os.scandir(folder.joinpath(*parts)) as entries:
                for entry in entries:
                    if not contents.is_junk(entry.name):
                        contents.count()
                        _look_at(entry, (*parts, entry.name), contents, waiting)
        except OSError as error:
            if not parts:
                raise
            contents.refuse("/".join(parts), unreadable(error))


def _look_at(
    entry: os.DirEntry,
    parts: tuple[str, ...],
    contents: Contents,
    waiting: deque[tuple[str, ...]],
) -> None:
    """Add one entry of a folder; `parts` is its path in the submission."""
    if entry.is_symlink():
        contents.refuse("/".join(parts), "is a symbolic link, which is not followed")
    elif entry.is_dir(follow_symlinks=False):
        waiting.append(parts)
    elif entry.is_file(follow_symlinks=False):
        path = Path(entry.path)
        contents.files.append(File(parts, partial(_read_file, path), path))
    else:
        contents.refuse("/".join(parts), "is not a regular file")


def _read_file(path: Path) -> tuple[bytes, float]:
    with io.BufferedReader(open_regular(path)) as file:
        status = os.fstat(file.fileno())
        _refuse_large(path.name, status.st_size)
        content = _read(file, path.name)
    return content, status.st_mtime


def open_regular(path: Path) -> io.FileIO:
    """Open a file for reading; raises Fault for a link, a pipe, a socket or a device.

    Opening a pipe blocks until somebody writes, and opening a device may have effects. So the type
    is checked before, and again when the file is open and can no longer be replaced.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Fault("is not a regular file")
    file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Fault("is not a regular file")
    return file


# Archives


def _members(
    file: File, inside: tuple[str, ...], contents: Contents, stack: ExitStack
) -> list[File]:
    """The files in an archive, whose paths begin with `inside`.

    Raises:
        Fault: it cannot be read as an archive.
        OSError: it cannot be read at all.
    """
    if file.depth == MAX_DEPTH:
        raise Fault("is an archive in an archive in an archive, which is not opened")
    stream: IO[bytes]
    if file.path is not None:
        stream = stack.enter_context(io.BufferedReader(open_regular(file.path)))
        when = os.fstat(stream.fileno()).st_mtime
    else:
        content, when = file.read()
        contents.hold(len(content))
        stream = io.BytesIO(content)
    list_members, kind = (_in_zip, "zip") if file.name.lower().endswith(ZIP) else (_in_tar, "tar")
    try:
        found = list_members(stream, inside, when, contents)
    except (Fault, TooMuch):
        raise
    except Exception as error:  # the libraries have no common error for invalid archives
        raise Fault(f"cannot be read as a {kind} archive ({shown(str(error))})") from error
    times = Counter(member.parts for member in found)
    for member in found:
        if times[member.parts] > 1:
            contents.refuse("/".join(member.parts), "is in the archive more than once")
    return [
        replace(member, depth=file.depth + 1, upload=file.upload)
        for member in found
        if times[member.parts] == 1
    ]


def _path_of_member(name: str) -> tuple[str, ...]:
    """A member's path, split at slashes and the backslashes that some programs write."""
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def _may_be_read(
    name: str, is_folder: bool, fault: str | None, inside: tuple[str, ...], contents: Contents
) -> bool:
    """Whether a member is a file that may be read. It is counted, and a fault of it is recorded."""
    parts = _path_of_member(name)
    if ".." not in parts and contents.is_junk(*parts):
        return False
    contents.count()
    if is_folder:
        return False
    if fault := _fault_of_path(name) or fault:
        contents.refuse("/".join((*inside, name)), fault)
    return fault is None


def _fault_of_path(name: str) -> str | None:
    """Why a member of this name is rejected, whatever its content."""
    parts = _path_of_member(name)
    if not parts or "\0" in name:
        return "has an invalid name"
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name) or ".." in parts:
        return "has a path that leads out of the archive"
    return None


class _Bounded:
    """A stream with limits per read and in total: the libraries read as much as an archive
    declares, whatever its length."""

    def __init__(self, stream: IO[bytes], at_once: int, end: float = math.inf) -> None:
        self.stream, self.at_once, self.end = stream, at_once, end
        self.seekable, self.tell = stream.seekable, stream.tell
        self.last = b""  # the last bytes read

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= self.at_once:
            size = self.at_once + 1
        self._refuse_beyond(self.stream.tell() + size)
        data = self.stream.read(size)
        if len(data) > self.at_once:
            raise Fault("is damaged (what it says of its members is too long)")
        if self.last[156:157] in (b"x", b"g", b"X") and LONG_NUMBER.search(data):
            raise Fault("is damaged (what it says of its members has a number without end)")
        self.last = data
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            self._refuse_beyond(offset)
        return self.stream.seek(offset, whence)

    def _refuse_beyond(self, place: int) -> None:
        if place > self.end:
            raise Fault(f"has more than {MAX_UNPACKED // MB} MB in it")


def _in_zip(
    stream: IO[bytes], inside: tuple[str, ...], when: float, contents: Contents
) -> list[File]:
    archive = zipfile.ZipFile(_Bounded(stream, MAX_DIRECTORY))
    contents.count_member(len(archive.infolist()))
    overlapping = _overlapping(archive)
    found = []
    for info in archive.infolist():
        name = info.orig_filename
        is_folder = name.endswith(("/", "\\"))
        overlap = "overlaps another member of the archive" if info in overlapping else None
        if _may_be_read(name, is_folder, _fault_of_mode(info) or overlap, inside, contents):
            read = partial(_read_zipped, archive, info, when)
            found.append(File((*inside, *_path_of_member(name)), read))
    return found


def _fault_of_mode(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16  # as Unix programs write it; 0 elsewhere
    if stat.S_ISLNK(mode):
        return "is a symbolic link, which is not followed"
    return None if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "is not a regular file"


def _overlapping(archive: zipfile.ZipFile) -> set[zipfile.ZipInfo]:
    """The members that share bytes with another one, which no honest program writes."""
    overlapping: set[zipfile.ZipInfo] = set()
    furthest, end = None, 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if furthest is not None and info.header_offset < end:
            overlapping |= {furthest, info}
        least = info.header_offset + 30 + info.compress_size  # a header has 30 bytes and the name
        if furthest is None or least > end:
            furthest, end = info, least
    return overlapping


def _read_zipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, when: float
) -> tuple[bytes, float]:
    if info.flag_bits & 0x1:
        raise Fault("is encrypted")
    # other methods are rare, and zipfile decompresses them with unbounded memory
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Fault("is compressed in a way that is not supported")
    _refuse_large(info.orig_filename, info.file_size)
    try:
        with archive.open(info) as member:
            content = _read(member, info.orig_filename)
    except Fault:
        raise
    except Exception as error:  # zipfile has no common error for malformed input
        raise Fault(f"is damaged ({shown(str(error))})") from error
    if len(content) != info.file_size:
        raise Fault("is damaged (its size is not the one that the archive declares)")
    return content, when


def _in_tar(
    stream: IO[bytes], inside: tuple[str, ...], when: float, contents: Contents
) -> list[File]:
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    unpacked: IO[bytes] = gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[assignment]
    tape = _Bounded(unpacked, CHUNK, MAX_UNPACKED)
    found = []
    with tarfile.open(fileobj=tape, mode="r:") as archive:  # type: ignore[call-overload]
        while (info := archive.next()) is not None:
            archive.members.clear()  # these would accumulate with each member
            archive.pax_headers.clear()
            contents.count_member()
            if _may_be_read(info.name, info.isdir(), _fault_of_kind(info), inside, contents):
                read = _read_tarred(archive, info, when, contents)
                found.append(File((*inside, *_path_of_member(info.name)), read))
        if tape.last.strip(b"\0"):  # tarfile treats a malformed header as the end
            raise Fault("is damaged (the header of a member cannot be read)")
        while tape.read(CHUNK):  # gzip's checksum is at the end
            pass
    return found


def _fault_of_kind(info: tarfile.TarInfo) -> str | None:
    if info.issym():
        return "is a symbolic link, which is not followed"
    if info.islnk():
        return "is a link to another file, which is not followed"
    if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.issparse():
        return "is not a regular file"
    return None


def _read_tarred(
    archive: tarfile.TarFile, info: tarfile.TarInfo, when: float, contents: Contents
) -> Callable[[], tuple[bytes, float]]:
    """A function that returns a member's content, which is read now: the stream cannot seek."""
    name = _path_of_member(info.name)[-1]
    try:
        if not contents.wanted(name):
            raise Fault("is not asked for")
        _refuse_large(name, info.size)
        contents.hold(info.size)
        member = archive.extractfile(info)
        assert member is not None  # it is a regular file
        content = _read(member, name)
        if len(content) != info.size:
            raise Fault("is damaged (the archive ends in it)")
    except Fault as fault:
        return partial(_raise, fault)
    return lambda: (content, when)


def _raise(fault: Fault) -> tuple[bytes, float]:
    raise fault


# Sizes and words


def _read(file: IO[bytes], name: str) -> bytes:
    """The content of a file of this name, unless it is too large, whatever its declared size."""
    limit = _limit(name)
    pieces: list[bytes] = []
    length = 0
    while length <= limit and (piece := file.read(min(CHUNK, limit + 1 - length))):
        pieces.append(piece)
        length += len(piece)
    _refuse_large(name, length)
    return b"".join(pieces)


def _limit(name: str) -> int:
    """The size limit for a file of this name, in bytes."""
    if is_archive(name):
        return MAX_INNER
    return MAX_NOTEBOOK if name.lower().endswith(".ipynb") else MAX_FILE


def _refuse_large(name: str, size: int) -> None:
    limit = _limit(name)
    if size <= limit:
        return
    words = f"is {math.ceil(10 * size / MB) / 10} MB, more than the {limit // MB} MB allowed"
    more = ": clear its outputs and save it again" if limit == MAX_NOTEBOOK else ""
    raise Fault(words + more)


def unreadable(error: OSError) -> str:
    return f"cannot be read ({error.strerror or error})"
