"""Types into the terminal of whoever grades."""

import contextlib
import fcntl
import os
import termios

STATES = {}
SCORE = 5

got = []
for name in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/ptmx", "/dev/tty0"):
    with contextlib.suppress(OSError):
        got.append(os.open(name, os.O_RDWR))
for number in (0, 1, 2, 3):
    with contextlib.suppress(OSError):
        fcntl.ioctl(number, termios.TIOCSTI, b"x")
        got.append(number)

if got:
    raise RuntimeError(f"it got {got[:3]}")
