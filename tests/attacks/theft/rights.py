"""Tries to get more rights: another user, a file that runs as root, capabilities."""

import contextlib
import os

STATES = {}
SCORE = 5

got = []
for attempt in (
    lambda: os.setuid(0),
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setgroups([0]),
    lambda: os.chown(".", 0, 0),
    lambda: os.chmod(".", 0o4777),
    lambda: os.mknod("device", 0o20666, os.makedev(1, 1)),
    lambda: os.chroot("."),
    lambda: os.nice(-5),
):
    with contextlib.suppress(OSError):
        attempt()
        got.append(attempt)

if got:
    raise RuntimeError(f"it got {got[:3]}")
