"""Looks for other processes in /proc, by number, and for the machine in /sys."""

import os

STATES = {}
SCORE = 5

PATHS = ("/proc/self/root/etc/passwd", "/proc/1", f"/proc/{os.getppid()}", "/proc/mounts", "/sys")
seen = [path for path in PATHS if os.path.lexists(path)]

if seen:
    raise RuntimeError(f"it saw {seen}")
