"""Has the kernel list what is mounted, and how full it is."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

request, answer = ctypes.create_string_buffer(64), ctypes.create_string_buffer(4096)
STATFS = 137 if X86 else 43
expect_none(
    list=(458, request, answer, 512, 0),
    one=(457, request, answer, 4096, 0),
    space=(STATFS, b"/", answer),
)
