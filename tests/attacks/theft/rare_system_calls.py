"""Tries interfaces of the kernel that few programs use."""

import ctypes

STATES = {}
SCORE = 5

libc = ctypes.CDLL(None, use_errno=True)
parameters = ctypes.create_string_buffer(512)
SAME_EVERYWHERE = {
    "io_uring_setup": (425, 8, parameters),
    "pidfd_open": (434, 1, 0),
    "openat2": (437, -100, b"/", parameters, 24),
    "memfd_secret": (447, 0),
    "fsopen": (430, b"tmpfs", 0),
    "open_tree": (428, -100, b"/", 1),
}
got = [name for name, call in SAME_EVERYWHERE.items() if libc.syscall(*call) >= 0]

if got:
    raise RuntimeError(f"it got {got[:3]}")
