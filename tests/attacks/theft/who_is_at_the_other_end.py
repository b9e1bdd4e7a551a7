"""Asks its connection who is at the other end, and for a handle of that process."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

GETSOCKOPT, SETSOCKOPT = (55, 54) if X86 else (209, 208)
RECEIVE, SEND, NAME, PEER = (47, 46, 51, 52) if X86 else (212, 211, 204, 205)
answer, size = ctypes.create_string_buffer(256), ctypes.c_int(256)
expect_none(
    handle=(GETSOCKOPT, 3, 1, 77, answer, ctypes.byref(size)),
    credentials=(GETSOCKOPT, 3, 1, 17, answer, ctypes.byref(size)),
    groups=(GETSOCKOPT, 3, 1, 59, answer, ctypes.byref(size)),
    ask_for_credentials=(SETSOCKOPT, 3, 1, 16, ctypes.byref(ctypes.c_int(1)), 4),
    large_buffer=(SETSOCKOPT, 3, 1, 7, ctypes.byref(ctypes.c_int(1 << 30)), 4),
    receive=(RECEIVE, 3, answer, 0x40),
    send=(SEND, 3, answer, 0),
    own_name=(NAME, 3, answer, ctypes.byref(size)),
    name_of_other=(PEER, 3, answer, ctypes.byref(size)),
)
