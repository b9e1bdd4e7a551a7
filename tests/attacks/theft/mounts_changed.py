"""Takes away what was mounted, to see what lies below, or makes it writable."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

MOUNT, UMOUNT = (165, 166) if X86 else (40, 39)
REMOUNT, BIND, PROC = 32, 4096, b"proc"
attributes = ctypes.create_string_buffer(32)
expect_none(
    take_away=(UMOUNT, b"/usr", 2),
    take_own_away=(UMOUNT, b"/home/student", 2),
    writable=(MOUNT, 0, b"/usr", 0, REMOUNT | BIND, 0),
    processes=(MOUNT, PROC, b"/home/student", PROC, 0, 0),
    attributes=(442, -100, b"/usr", 0, attributes, 32),
    open_tree=(428, -100, b"/", 1),
    move=(429, -100, b"/usr", -100, b"/home/student", 0),
)
