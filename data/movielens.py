"""A folder that holds MovieLens 100K: its files, how to validate it, and how to create it."""

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

URL = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
SYNTHETIC_MARK = "STAND-IN.txt"
"""A folder with this file holds invented data, whatever the folder is called."""


class DataError(Exception):
    """The data cannot be used; the message says which folder, what is wrong and what to do."""


@dataclass(frozen=True)
class MovieLens:
    """Where the data is and where it came from; part 2 of the course parses the files."""

    folder: Path
    source: str
    """Where it was found, in a few words: "--data", "the download's cache", …"""
    is_synthetic: bool
    """True if the data is invented, so that nobody takes its numbers for MovieLens'."""

    @property
    def ratings_path(self) -> Path:
        """`u.data`: `user_id, movie_id, rating, timestamp`, tab-separated, no header."""
        return self.folder / "u.data"

    @property
    def movies_path(self) -> Path:
        """`u.item`: id, title, two dates, a URL and 19 genre flags, `|`-separated, in Latin-1."""
        return self.folder / "u.item"

    @property
    def users_path(self) -> Path:
        """`u.user`: `user_id|age|gender|occupation|zip code`."""
        return self.folder / "u.user"

    @property
    def genres_path(self) -> Path:
        """`u.genre`: `name|number`, in the order of the flags in `u.item`."""
        return self.folder / "u.genre"


_FILES = {  # the format of a line, as a pattern and in words
    "u.data": (
        rb"\d+\t\d+\t\d+\t\d+",
        "four whole numbers separated by tabs (user_id, movie_id, rating, timestamp)",
    ),
    "u.item": (
        rb"\d+(\|[^|]*){4}(\|[01]){19}",
        "24 fields separated by | (movie_id, title, two dates, a URL and 19 genre flags)",
    ),
    "u.user": (
        rb"\d+\|\d+(\|[^|]*){3}",
        "5 fields separated by | (user_id, age, gender, occupation, zip code)",
    ),
    "u.genre": (rb"[^|]+\|\d+", "a genre and its number separated by |"),
}
FILES = tuple(_FILES)
"""The files that a usable folder must hold."""
_SPLITS = [f"u{fold}.{part}" for fold in "12345ab" for part in ("base", "test")]
WANTED = (*FILES, "README", "u.info", "u.occupation", *_SPLITS)
"""The files to extract from the archive. The rest, such as shell scripts, is not needed."""


def find_fault(folder: Path) -> str | None:
    """Return what makes `folder` unusable, or None.

    All four files must exist, and the first and last lines of each must have the right format. The
    last line reveals a truncated file. Line endings, sizes and checksums do not matter.
    """
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return "it is not a folder"
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        *others, last = missing
        return f"{', '.join(others)} and {last} are missing" if others else f"{last} is missing"
    return next(filter(None, (_find_fault_in_file(folder / name) for name in FILES)), None)


def _find_fault_in_file(path: Path) -> str | None:
    pattern, meaning = _FILES[path.name]
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
    lines = content.rstrip().splitlines()
    if not lines:
        return f"{path.name} is empty"
    for number in (1, len(lines)):
        text = lines[number - 1]
        if not re.fullmatch(pattern, text):
            shown = text[:60].decode("latin-1")
            return f"{path.name}, line {number}, is {shown!r} instead of {meaning}"
    return None


def open_folder(folder: Path, source: str) -> MovieLens:
    """Describe a folder in which `find_fault` finds no fault."""
    return MovieLens(folder, source, is_synthetic=(folder / SYNTHETIC_MARK).exists())


@contextlib.contextmanager
def created_atomically(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill, which becomes `folder` if the block ends without an error.

    Nobody ever sees `folder` half filled. If another run creates a usable `folder` in the
    meantime, that one stays. A broken copy of the data is replaced; other files are not.

    Raises:
        OSError: `folder`'s parent is not writable, or `folder` holds other files.
    """
    if folder.exists() and not _is_broken_copy(folder) and find_fault(folder) is not None:
        raise FileExistsError(errno.EEXIST, "something else is there", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
    ) as scratch:
        made = Path(scratch) / "new"
        made.mkdir()
        yield made
        if _is_broken_copy(folder):
            with contextlib.suppress(FileNotFoundError):  # another run has just moved it away
                folder.rename(Path(scratch) / "unusable")
        try:
            os.replace(made, folder)
        except OSError:
            if find_fault(folder) is not None:
                raise


def _is_broken_copy(folder: Path) -> bool:
    """Whether `folder` may be deleted: it is unusable and holds no files of the user's own."""
    if not folder.is_dir() or find_fault(folder) is None:
        return False
    return {path.name for path in folder.iterdir()} <= {*WANTED, SYNTHETIC_MARK}
