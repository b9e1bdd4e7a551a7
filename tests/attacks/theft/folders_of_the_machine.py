"""Lists the folders of the machine."""

import contextlib
import os

STATES = {}
SCORE = 5

got = []
for name in ("/", "/tmp", "/var/tmp", "/dev/shm", "/etc", "/var", "/opt", "/srv", "/mnt", "/run"):
    with contextlib.suppress(OSError):
        got += os.listdir(name)

if got:
    raise RuntimeError(f"it got {got[:3]}")
