"""Computes a number for hours, in one step."""

STATES = {"1.5": "timeout"}
SCORE = 5


def observed_rmse(ratings, predictions):
    return 10**10**8
