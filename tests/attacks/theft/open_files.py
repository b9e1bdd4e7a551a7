"""Looks for files that it inherited open."""

import contextlib
import os

STATES = {}
SCORE = 5

ITS_OWN = {0, 1, 2, 3, 4}  # nothing, three times, the connection to the grader, its own times
got = []
for number in set(range(1024)) - ITS_OWN:
    with contextlib.suppress(OSError):
        got.append((number, os.fstat(number)))

if got:
    raise RuntimeError(f"it got {got[:3]}")
