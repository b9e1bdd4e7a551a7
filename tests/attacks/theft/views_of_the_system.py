"""Asks the kernel for another view of the file system."""

import ctypes

STATES = {}
SCORE = 5

libc = ctypes.CDLL(None, use_errno=True)
NEW_USER, NEW_MOUNTS, BIND = 0x10000000, 0x00020000, 4096
got = [flags for flags in (NEW_USER, NEW_MOUNTS, NEW_USER | NEW_MOUNTS) if libc.unshare(flags) == 0]
if libc.mount(b"/", b".", None, BIND, None) == 0:
    got.append("mount")

if got:
    raise RuntimeError(f"it got {got[:3]}")
