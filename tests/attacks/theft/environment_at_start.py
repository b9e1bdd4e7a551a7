"""Reads the environment that its process was started with."""

import contextlib
from pathlib import Path

STATES = {}
SCORE = 5

got = []
with contextlib.suppress(OSError):
    got = [Path("/proc/self/environ").read_bytes()]

if got:
    raise RuntimeError(f"it got {got[:3]}")
