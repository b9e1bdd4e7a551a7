"""Computes a number for hours in one step, in which no alarm is heard."""

STATES = {"1.5": "timeout"}
SCORE = 7
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    return 10**10**8
