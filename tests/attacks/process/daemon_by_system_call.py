"""Forks twice by system calls, of which Python does not know."""

import ctypes
import os
import time

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "none of them"


def observed_rmse(ratings, predictions):
    libc = ctypes.CDLL(None, use_errno=True)
    for fork in (
        (57,),
        (58,),
        (56, 17, 0, 0, 0, 0),
        (435, bytes(88), 88),
    ):  # fork to clone3, x86-64
        child = libc.syscall(*fork)
        if child == 0:
            os.setsid()
            time.sleep(600)
    raise OSError(ctypes.get_errno(), "none of them")
