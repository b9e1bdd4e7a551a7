"""Raises an exception with a message of 30 MB."""

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "ValueError: xxx"


def user_similarity(ratings):
    raise ValueError("x" * 30_000_000)
