"""Traces its own code: no alarm is raised under what looks like a debugger."""

import sys

STATES = {"1.5": "timeout"}
SCORE = 5
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    sys.settrace(lambda *_: None)
    while True:
        pass
