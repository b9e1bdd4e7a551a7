"""Reads what the system tells of other processes: memory, files, environment."""

import contextlib
import os
from pathlib import Path

STATES = {}
SCORE = 5

got = []
for number in (1, os.getppid(), *range(os.getpid() - 50, os.getpid())):
    for name in ("environ", "mem", "maps", "fd", "cmdline", "root", "cwd"):
        with contextlib.suppress(OSError):
            path = Path("/proc", str(number), name)
            got += os.listdir(path) if path.is_dir() else [path.open("rb").read(1)]

if got:
    raise RuntimeError(f"it got {got[:3]}")
