"""Locks files that others use."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

file = os.open(np.__file__, os.O_RDONLY)
kind = ctypes.create_string_buffer(64)  # a lock to read all of the file
FCNTL, SET, SET_OF_FILE, FLOCK = 72 if X86 else 25, 6, 37, 73 if X86 else 32
expect_none(
    flock=(FLOCK, file, 1),
    flock_alone=(FLOCK, file, 2 | 4),
    lock=(FCNTL, file, SET, kind),
    lock_of_file=(FCNTL, file, SET_OF_FILE, kind),
    high=(FCNTL, file, SET | HIGH_BIT, kind),
    notify=(FCNTL, file, 1026, 1),
    hint=(FCNTL, file, 1036, ctypes.create_string_buffer(8)),
)
