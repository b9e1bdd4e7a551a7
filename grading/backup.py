"""No work is lost: files are backed up before they are overwritten, and written atomically."""

import os
import shutil
from datetime import datetime
from pathlib import Path

FOLDER = Path(".course") / "backup"


def keep_copy(root: Path, path: Path) -> Path | None:
    """Copy `path` (from the course folder `root`) into `.course/backup`.

    Returns:
        the path of the copy, relative to the course folder; None if there was no file.
    """
    if not (root / path).is_file():
        return None
    now = datetime.now().strftime("%Y-%m-%d_%H%M%S_%f")
    copy = FOLDER / path.parent.name / f"{path.stem}.{now}{path.suffix}"
    (root / copy).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(root / path, root / copy)
    return copy


def write_whole(path: Path, content: str | bytes, mode: int = 0o666) -> None:
    """Write a file atomically, and create the folders that it needs.

    Args:
        mode: who may read and write it, as far as the umask allows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.touch(mode)
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
