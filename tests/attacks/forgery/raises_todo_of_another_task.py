"""Raises the error of a stub, of a task that does not exist."""

STATES = {"1.2": "blocked"}
SCORE = 5


def user_similarity(ratings):
    raise NotImplementedError("TODO 9.9: all of it")
