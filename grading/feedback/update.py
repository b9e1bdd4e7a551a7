"""`course update`: take over a newer release, and keep what the student wrote.

The plan is made first, and says what happens. Carrying it out writes each file atomically, the
modules before the stubs that they are merged with and the record of the release last: after an
interruption, the same plan is made of what is left.
"""

import difflib
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from grading.backup import FOLDER, keep_copy, write_whole
from grading.feedback.merge import CannotMerge, merge
from grading.feedback.reset import spans
from grading.manifest import MANIFEST, PRISTINE, RELEASED

FORMAT = 1  # of the record
NOT_OURS = (".course", ".git", ".venv")  # folders that no release writes to
TODO = re.compile(r"TODO (\d+\.\d+)")
CHECKS = re.compile(r"exercises/part(\d+)/\w+\.py")


class UpdateError(Exception):
    """There is nothing to update from or to; the message says why and what to do."""


class BrokenModule(Exception):
    """A student's module cannot be merged as it is; the message names it and the fix."""


@dataclass(frozen=True)
class Release:
    """What `.release.json` says of a release."""

    course: str
    released: str  # the time in ISO 8601, UTC; empty in the first releases
    files: dict[str, str]  # path → SHA-256


@dataclass(frozen=True)
class Change:
    """A file to write (or to remove, without content); `keep`: back up what stands there."""

    path: Path
    content: bytes | None
    keep: bool = False


@dataclass(frozen=True)
class Plan:
    """The changes in their order, and what the student is told: before, and what to run after."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    to_run: tuple[str, ...] = ()


def plan(root: Path, source: Path) -> Plan:
    """What an update of the release in `root` to the one in `source`, a folder or a zip, changes.

    Raises:
        UpdateError: one of them is no release, or `source` is older or not whole.
        BrokenModule: a module that must be merged has a syntax error.
    """
    installed = _installed(root)
    newer, contents = _release_in(source)
    _require_same_course(installed, newer, source)
    if newer.files == installed.files:
        return Plan((), ("You have this release already; there is nothing to update.",))
    modules = _modules(newer)
    different = {name for name, of in newer.files.items() if installed.files.get(name) != of}
    found: list[Change | str] = []
    for name in sorted(different, key=lambda name: _turn(name, modules)):
        found += _replaced(root, name, contents[name], installed, modules.get(name))
    for name in sorted(installed.files.keys() - newer.files.keys()):
        found += _removed(root, name, installed.files[name])
    found.append(Change(RELEASED, contents[RELEASED.as_posix()]))
    checks = [CHECKS.fullmatch(name) for name in different - modules.keys()]
    parts = sorted({int(match[1]) for match in checks if match})
    to_run = ["pip install -e ."] if "pyproject.toml" in different else []
    to_run += [f"course check {' '.join(map(str, parts))}"] if parts else []
    return Plan(
        tuple(one for one in found if isinstance(one, Change)),
        tuple(one for one in found if isinstance(one, str)),
        tuple(to_run),
    )


def carry_out(root: Path, planned: Plan) -> None:
    """Make the changes; if one fails or is interrupted, put everything back."""
    before: list[Change] = []
    try:
        for change in planned.changes:
            if change.keep:
                keep_copy(root, change.path)
            before.append(Change(change.path, _read(root / change.path)))
            _put(root, change)
    except BaseException:
        for change in reversed(before):
            with suppress(OSError):  # put back what can be
                _put(root, change)
        raise


def _put(root: Path, change: Change) -> None:
    if change.content is None:
        (root / change.path).unlink(missing_ok=True)
    else:
        write_whole(root / change.path, change.content)


# What happens to each file


def _modules(release: Release) -> dict[str, str]:
    """A student's module → its untouched stub, as the release names them."""
    stubs = [name for name in release.files if Path(name).is_relative_to(PRISTINE)]
    modules = {
        (Path("exercises") / Path(name).relative_to(PRISTINE)).as_posix(): name for name in stubs
    }
    return {name: stub for name, stub in modules.items() if name in release.files}


def _turn(name: str, modules: dict[str, str]) -> tuple[int, str]:
    """Modules come before their stubs, and both before the engine."""
    lesson = name.startswith("exercises/") and name != MANIFEST.as_posix()
    return (0 if name in modules else 1 if lesson else 2), name


def _replaced(
    root: Path, name: str, new: bytes, installed: Release, stub: str | None
) -> Iterator[Change | str]:
    """The changes for a file that is new or different, and what the student is told about it."""
    path, current = Path(name), _read(root / name)
    if current is not None and _text(current) == _text(new):
        return
    if current is None or _has_hash(current, installed.files.get(name, "")):
        yield Change(path, new)
    elif stub is not None:
        yield from _merged(root, path, Path(stub), current, new)
    elif path.suffix == ".ipynb":
        beside = path.with_suffix(f".new{path.suffix}")
        yield f"{name}: you changed it, so it stays; the new one is beside it, {beside.name}"
        if (there := _read(root / beside)) != new:
            yield Change(beside, new, keep=there is not None)
    else:
        yield f"{name}: you changed it; it is replaced, and yours is kept in {_backup(path)}"
        yield Change(path, new, keep=True)


def _removed(root: Path, name: str, sha256: str) -> Iterator[Change | str]:
    if (current := _read(root / name)) is None:
        return
    if _has_hash(current, sha256):
        yield Change(Path(name), None)
    else:
        yield f"{name}: is no longer part of the course; you changed it, so it stays"


def _merged(
    root: Path, path: Path, stub: Path, current: bytes, new: bytes
) -> Iterator[Change | str]:
    """The changes for a module that the student changed and whose stub is different."""
    untouched = _read(root / stub)
    if untouched is not None and _text(untouched) == _text(new):
        return  # it was merged, and then the update was interrupted
    name, ours = path.as_posix(), _text(new).decode()
    stays = f"{name}: your module stays as it is; compare it with its new stub, {stub.as_posix()}"
    if untouched is None:
        yield f"{stays} (the old stub is missing)"
        return
    try:
        base, mine = _text(untouched).decode(), _text(current).decode()
        merged = merge(base, mine, ours)
    except (SyntaxError, ValueError) as error:  # ValueError: not UTF-8, or with null bytes
        raise BrokenModule(
            f"{name} cannot be read as Python ({error}); correct it or move it away, and update "
            "again"
        ) from None
    except CannotMerge as error:
        yield f"{stays} (merged, it {error})"
        return
    told = [f"{_task(ours, one)} is as in the new stub" for one in merged.taken]
    told += [f"{_task(ours, one)} is new" for one in merged.added]
    told += [f"{one} is no longer part of the course, and yours stays" for one in merged.dropped]
    if merged.text != mine:
        told.append(f"your version of before is kept in {_backup(path)}")
        yield Change(path, merged.text.encode(), keep=True)
    if told:
        yield f"{name}: {'; '.join(told)}"
    if merged.around:
        yield (
            f"{name}: lines outside of its functions changed in the stub, and you changed them "
            f"too: yours stay; compare them with {stub.as_posix()}"
        )
    lines, stub_lines = spans(merged.text), spans(ours)
    for one in merged.kept:
        where = f"{name}:{lines[one][0] + 1}" if one in lines else name
        yours = "you changed it too: yours stays" if one in lines else "your module has none"
        yield (
            f"{where}: {_task(ours, one)} changed in the stub, and {yours}. The new stub is in "
            f"{stub.as_posix()}:{stub_lines[one][0] + 1}; what changed in it:"
        )
        yield from _difference(base, ours, one)


def _backup(path: Path) -> str:
    return (FOLDER / path.parent.name).as_posix()


def _task(stub: str, function: str) -> str:
    """Such as "3.2 MatrixFactorization.forward"; without a number if it is not to do."""
    number = TODO.search(_function(stub, function))
    return f"{number[1]} {function}" if number else function


def _function(source: str, name: str) -> str:
    first, last = spans(source).get(name, (0, 0))
    return "\n".join(source.split("\n")[first:last])


def _difference(base: str, new: str, name: str) -> Iterator[str]:
    old, ours = (_function(text, name).split("\n") for text in (base, new))
    for line in list(difflib.unified_diff(old, ours, n=0, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield f"    {line}"


# Reading releases


def _require_same_course(installed: Release, newer: Release, source: Path) -> None:
    if newer.course != installed.course:
        raise UpdateError(
            f"{source} is a release of {newer.course!r}, and this is {installed.course!r}; "
            "name a release of this course"
        )
    if newer.files != installed.files and newer.released < installed.released:
        raise UpdateError(
            f"{source} is older (of {newer.released or 'an unknown date'}) than the release that "
            f"you have (of {installed.released}); name a newer one"
        )


def _installed(root: Path) -> Release:
    record = _read(root / RELEASED)
    if record is None and (root / "solutions").is_dir():
        raise UpdateError("this is the full course and not a release; update it with: git pull")
    if record is None:
        raise UpdateError(
            f"there is no {RELEASED} in {root}, so what you changed cannot be told from what you "
            "were given; unpack the new release elsewhere and copy your modules into it"
        )
    return _release(record, root)


def _release_in(source: Path) -> tuple[Release, dict[str, bytes]]:
    """The record of a release and all its files, each of which is as the record says."""
    if not source.exists():
        raise UpdateError(f"{source} does not exist; name the folder or the .zip of a release")
    try:
        place: Any = source if source.is_dir() else zipfile.Path(source)
        inside = [place, *sorted(place.iterdir(), key=str)]
        folder = next((one for one in inside if (one / RELEASED.name).is_file()), place)
        return _read_release(folder, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise UpdateError(f"{source} cannot be read as a .zip ({error}); get it again") from None


def _read_release(folder: Path | zipfile.Path, source: Path) -> tuple[Release, dict[str, bytes]]:
    record = _read(folder / RELEASED.name)
    if record is None:
        raise UpdateError(f"{source} is not a release of a course: it has no {RELEASED}")
    release = _release(record, source)
    contents = {RELEASED.as_posix(): record}
    for name, sha256 in release.files.items():
        content = _read(folder / name)
        if content is None or not _has_hash(content, sha256):
            raise UpdateError(
                f"{source} is not a whole release: {name} "
                f"{'is missing' if content is None else 'has changed'}; get it again"
            )
        contents[name] = content
    return release, contents


def _release(record: bytes, place: Path) -> Release:
    try:
        said = json.loads(record)
        if said["release"] != FORMAT:
            raise ValueError(f"format {said['release']!r}")
        release = Release(str(said["course"]), str(said.get("released", "")), dict(said["files"]))
        if MANIFEST.as_posix() not in release.files:
            raise ValueError(f"no {MANIFEST.as_posix()}")
        for name, sha256 in release.files.items():
            if not _stays_inside(name) or not isinstance(sha256, str):
                raise ValueError(f"the path {name!r:.60}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UpdateError(
            f"{place} is not a release that can be read ({RELEASED}: {error}); get it again"
        ) from None
    return release


def _stays_inside(name: str) -> bool:
    """Whether a path leads to a file in the course folder that may belong to a release."""
    path = PurePosixPath(name)
    plain = name == path.as_posix() and not path.is_absolute() and not set(name) & set("\\:\0")
    return plain and ".." not in path.parts and path.parts[0] not in (*NOT_OURS, RELEASED.name)


def _read(path: Path | zipfile.Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _text(content: bytes) -> bytes:
    """Without what editors and git change: the ends of lines, and a mark at the start."""
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def _has_hash(content: bytes, sha256: str) -> bool:
    return sha256 in (hashlib.sha256(one).hexdigest() for one in (content, _text(content)))
