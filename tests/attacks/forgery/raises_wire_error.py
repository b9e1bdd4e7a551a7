"""Raises the error of a connection that broke."""

from grading.sandbox.wire import WireError

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    raise WireError("gone")
