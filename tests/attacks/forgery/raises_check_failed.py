"""Raises the error with which checks fail, with nothing in it."""

from grading.checks.expect import CheckFailed

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    raise CheckFailed("")
