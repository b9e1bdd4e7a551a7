"""Takes space on the disk without writing it."""

import os

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "Operation not permitted"


def observed_rmse(ratings, predictions):
    with open("attack", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 8 << 20)
