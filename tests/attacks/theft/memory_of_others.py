"""Reads and traces the memory of its parent with calls to the kernel."""

import ctypes
import os

STATES = {}
SCORE = 5

libc = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE = 16, 0x4206
buffer = ctypes.create_string_buffer(8)
vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
got = [request for request in (ATTACH, SEIZE) if libc.ptrace(request, os.getppid(), 0, 0) == 0]
if libc.process_vm_readv(os.getppid(), vector, 1, vector, 1, 0) > 0:
    got.append("memory")

if got:
    raise RuntimeError(f"it got {got[:3]}")
