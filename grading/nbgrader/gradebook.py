"""Copies of the gradebook, made before a command writes to it."""

import functools
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "backups"
KEPT = 20


@functools.cache
def back_up_once(gradebook: Path) -> Path | None:
    """`back_up`, once in a process: nbgrader loads its settings several times a command."""
    return back_up(gradebook)


def back_up(gradebook: Path) -> Path | None:
    """Copy the gradebook into `backups/` beside it, whole or not at all; the newest 20 are kept.

    Another process may be writing to it meanwhile.

    Returns:
        the copy; None if there is no gradebook yet.

    Raises:
        sqlite3.Error: the gradebook cannot be read.
        OSError: the copy cannot be written.
    """
    if not gradebook.is_file():
        return None
    folder = gradebook.parent / FOLDER
    folder.mkdir(exist_ok=True)
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    copy = folder / f"gradebook-{time}.db"
    beside = folder / f".{copy.name}.{os.getpid()}.part"
    try:
        copy_database(gradebook, beside)
        beside.replace(copy)
    finally:
        beside.unlink(missing_ok=True)
    for old in sorted(folder.glob("gradebook-*.db"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return copy


def copy_database(path: Path, copy: Path) -> None:
    """Copy an SQLite database as it is at one moment, also while another process writes to it.

    Raises:
        sqlite3.Error: it cannot be read, or the copy cannot be written.
    """
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
