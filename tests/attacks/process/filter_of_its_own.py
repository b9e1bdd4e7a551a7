"""Adds a filter of its own, which could lie to the grader's code about what happened."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

program = ctypes.create_string_buffer(16)
SECCOMP, PRCTL = (317, 157) if X86 else (277, 167)
expect_none(
    strict=(SECCOMP, 0, 0, 0),
    filter=(SECCOMP, 1, 0, program),
    by_prctl=(PRCTL, 22, 2, program),
    landlock=(444, program, 8, 0),
)
