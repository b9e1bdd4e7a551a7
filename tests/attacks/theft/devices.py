"""Reads the memory, the disks and the log of the machine."""

import contextlib
import os

STATES = {}
SCORE = 5

got = []
for name in ("/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/fuse", "/proc/kcore", "/sys"):
    with contextlib.suppress(OSError):
        got.append(os.open(name, os.O_RDONLY))

if got:
    raise RuntimeError(f"it got {got[:3]}")
