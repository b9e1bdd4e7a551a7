"""Reads what should be secret on a machine."""

import contextlib
import os
from pathlib import Path

STATES = {}
SCORE = 5

got = []
for name in ("/etc/shadow", "/etc/passwd", "/root/.ssh", "/root/.bash_history", "/home", "/root"):
    with contextlib.suppress(OSError):
        got += os.listdir(name) if os.path.isdir(name) else [Path(name).read_bytes()]

if got:
    raise RuntimeError(f"it got {got[:3]}")
