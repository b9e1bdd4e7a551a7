"""Asks whether files of the course and of the machine exist, and how large they are."""

import os
import sys
from pathlib import Path

PRIVATE = True
STATES = {}
SCORE = 5

course = Path(sys.modules["grading"].__file__).parents[1]
PATHS = [
    course / "solutions" / "part1" / "neighbours.py",
    course / "tests",
    course / "exercises" / "course.toml",
    *map(Path, ("/etc/passwd", "/tmp", "/var", "/dev/shm", "/dev/tty", "/boot", "/run")),
]
INTERPRETER = Path(sys.prefix)  # what it lies in must be there
seen = [str(path) for path in PATHS if os.path.lexists(path) and path not in INTERPRETER.parents]

if seen:
    raise RuntimeError(f"it saw {seen[:3]}")
