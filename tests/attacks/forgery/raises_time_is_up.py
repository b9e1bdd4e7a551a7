"""Raises the error with which its own time ends."""

from grading.checks.runner import TimeIsUp

STATES = {"1.2": "timeout"}
SCORE = 5


def user_similarity(ratings):
    raise TimeIsUp("not done")
