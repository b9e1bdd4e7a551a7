"""Writes, truncates and removes what it handed in."""

import contextlib
import os
from pathlib import Path

STATES = {}
SCORE = 5

FILE = Path(__file__)
got = []
for attempt in (
    lambda: FILE.write_text(""),
    lambda: os.truncate(FILE, 0),
    lambda: os.close(os.open(FILE, os.O_RDONLY | os.O_TRUNC)),
    lambda: FILE.unlink(),
    lambda: FILE.rename(FILE.with_name("other.py")),
    lambda: (FILE.parent / "new.py").touch(),
    lambda: FILE.chmod(0o777),
    lambda: os.utime(FILE),
):
    with contextlib.suppress(OSError):
        attempt()
        got.append(attempt)

if got:
    raise RuntimeError(f"it got {got[:3]}")
