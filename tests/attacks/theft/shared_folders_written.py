"""Leaves a file where every process of the machine may write."""

import contextlib
from pathlib import Path

STATES = {}
SCORE = 5

got = []
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "..", "/dev/mqueue"):
    with contextlib.suppress(OSError):
        Path(folder, "attack").write_text("here")
        got.append(folder)

if got:
    raise RuntimeError(f"it got {got[:3]}")
