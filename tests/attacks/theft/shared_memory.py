"""Makes memory and queues that other processes could share."""

import contextlib
import ctypes
import os
from multiprocessing import shared_memory

STATES = {}
SCORE = 5

libc = ctypes.CDLL(None, use_errno=True)
MAKE = ("shmget", "msgget", "semget")
PRIVATE, CREATE = 0, 0o1600
got = [name for name in MAKE if getattr(libc, name)(PRIVATE, 1, CREATE) >= 0]
for attempt in (
    lambda: shared_memory.SharedMemory("attack", create=True, size=8),
    lambda: os.memfd_create("attack"),
):
    with contextlib.suppress(OSError):
        got.append(attempt())

if got:
    raise RuntimeError(f"it got {got[:3]}")
