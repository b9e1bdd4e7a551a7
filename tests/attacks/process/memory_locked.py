"""Locks memory, and poisons a page of it."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

MLOCK, MLOCKALL, MADVISE = (149, 151, 28) if X86 else (228, 230, 233)
page = ctypes.create_string_buffer(1 << 14)
start = ctypes.addressof(page) + 4095 & ~4095
expect_none(
    lock=(MLOCK, start, 4096),
    lock_all=(MLOCKALL, 3),
    poison=(MADVISE, start, 4096, 100),
    take_from_use=(MADVISE, start, 4096, 101),
)
