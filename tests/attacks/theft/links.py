"""Links files from outside into its own folder, and reads them there."""

import contextlib
import os
from pathlib import Path

import grading

STATES = {}
SCORE = 5

COURSE = Path(grading.__file__).parents[1]
got = []
for number, target in enumerate(("/etc/passwd", COURSE / "exercises" / "course.toml", "/proc/1")):
    for link in (os.link, os.symlink):
        with contextlib.suppress(OSError):
            link(target, f"{link.__name__}-{number}")
            got.append(os.listdir(f"{link.__name__}-{number}/") or b"")
        with contextlib.suppress(OSError):
            got.append(Path(f"{link.__name__}-{number}").read_bytes())

if got:
    raise RuntimeError(f"it got {got[:3]}")
