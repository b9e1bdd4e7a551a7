"""Asks the kernel by number for keys, counters of other processes, and programs of its own."""

import ctypes
import os

STATES = {}
SCORE = 5

libc = ctypes.CDLL(None, use_errno=True)
blank = ctypes.create_string_buffer(128)
X86 = os.uname().machine == "x86_64"
CALLS = {
    "add_key": (248 if X86 else 217, b"user", b"attack", b"here", 4, -3),
    "keyctl": (250 if X86 else 219, 0, -3, 1),
    "perf_event_open": (298 if X86 else 241, blank, os.getppid(), -1, -1, 0),
    "bpf": (321 if X86 else 280, 0, blank, 128),
    "userfaultfd": (323 if X86 else 282, 1),
    "kcmp": (312 if X86 else 272, os.getpid(), os.getppid(), 1, 0, 0),
}
got = [name for name, call in CALLS.items() if libc.syscall(*call) >= 0]

if got:
    raise RuntimeError(f"it got {got[:3]}")
