"""Uses the rights that it would have as root of a namespace, and takes them back."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

header, rights = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[2**32 - 1] * 6)
CAPSET, SETUID, SETNS, UNSHARE = (126, 105, 308, 272) if X86 else (91, 146, 268, 97)
expect_none(
    rights=(CAPSET, header, rights),
    root=(SETUID, 0),
    other_namespace=(SETNS, 3, 0),
    new_user_namespace=(UNSHARE, 0x10000000),
    new_mounts=(UNSHARE, 0x00020000),
    threads_apart=(UNSHARE, 0x400),
    host_name=(170 if X86 else 161, b"attack", 6),
)
