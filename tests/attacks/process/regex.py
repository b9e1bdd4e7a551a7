"""Matches a pattern that takes exponential time."""

import re

STATES = {"1.5": "timeout"}
SCORE = 7


def observed_rmse(ratings, predictions):
    return re.match(r"(a+)+$", "a" * 64 + "b")
