"""Leaves a child in a session of its own that outlives the grader."""

import os
import time

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "PermissionError"


def observed_rmse(ratings, predictions):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
