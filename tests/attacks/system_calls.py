"""What attacks by system call share, as their `AFTER` says: calls by number, whatever C offers."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
HIGH_BIT = 1 << 32  # of an argument of which the kernel takes 32 bits


def call(number, *arguments):
    """What the kernel returns; −1 where it refuses. Texts and buffers are passed by address."""
    return libc.syscall(*(plain(value) for value in (number, *arguments)))


def plain(value):
    return ctypes.c_long(value) if isinstance(value, int) else value


def expect_none(**calls):
    """Raise if one of the calls, each a number and its arguments, succeeds."""
    got = [name for name, numbers in calls.items() if call(*numbers) >= 0]
    if got:
        raise RuntimeError(f"it got {got[:5]}")
