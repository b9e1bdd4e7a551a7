"""Pretends that the disk of the machine is full."""

import errno

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "No space left on device"


def observed_rmse(ratings, predictions):
    raise OSError(errno.ENOSPC, "No space left on device")
