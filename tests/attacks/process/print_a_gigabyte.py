"""Prints 1 GB at once."""

STATES = {"1.2": "memory"}
SCORE = 7


def user_similarity(ratings):
    print("x" * (1 << 30))
