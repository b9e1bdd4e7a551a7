"""A copy of the gradebook before anything is written into it."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

FOLDER = "backups"


def back_up(path: Path) -> Path | None:
    """Copy a gradebook into the folder `backups` beside it.

    The copy is made by SQLite itself, so that it is whole even where another program is writing.

    Returns:
        where the copy lies; None if there is no gradebook yet.

    Raises:
        sqlite3.Error: the file is no database, or it stays locked.
    """
    if not path.is_file():
        return None
    now = datetime.now().strftime("%Y-%m-%d_%H%M%S_%f")
    copy = path.parent / FOLDER / f"{path.stem}.{now}{path.suffix}"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
