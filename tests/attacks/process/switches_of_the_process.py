"""Changes what the kernel notes about its process."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

PRCTL = 157 if X86 else 167
OPTIONS = {
    "end_with_parent": (1, 0),
    "dumpable": (4, 1),
    "keep_capabilities": (8, 1),
    "timing": (14, 0),
    "bounding_set": (24, 0),
    "timer_slack": (29, 1),
    "machine_check": (33, 1, 0),
    "memory_map": (35, 1, 0),
    "adopt_orphans": (36, 1),
    "traced_by_anybody": (0x59616D61, -1),
    "io_flusher": (57, 1),
    "dispatch": (59, 1, 0, 0, 0),
    "high": (HIGH_BIT | 1, 0),
}
expect_none(**{name: (PRCTL, *option) for name, option in OPTIONS.items()})
