"""Has the kernel send its signals to the grader."""

import contextlib
import fcntl
import os

STATES = {}
SCORE = 5

SET_OWNER, SET_SIGNAL = 8, 10
got = []
for number in (0, 3):
    for command, value in ((SET_OWNER, os.getppid()), (SET_SIGNAL, 9)):
        with contextlib.suppress(OSError):
            fcntl.fcntl(number, command, value)
            got.append((number, command))

if got:
    raise RuntimeError(f"it got {got[:3]}")
