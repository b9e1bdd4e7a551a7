"""Loops in a hook that is called for every call from now on."""

import sys

STATES = {"1.5": "timeout"}
SCORE = 5


def hang(*_):
    while True:
        pass


def observed_rmse(ratings, predictions):
    sys.setprofile(hang)
    return 0.0
