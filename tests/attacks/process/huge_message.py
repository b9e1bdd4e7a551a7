"""Raises an exception with a message of 100 MB."""

STATES = {"1.2": "crashed"}
SCORE = 7
SAYS = "ValueError: xxx"


def user_similarity(ratings):
    raise ValueError("x" * 100_000_000)
