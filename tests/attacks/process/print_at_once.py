"""Prints 100 MB at once."""

STATES = {"1.2": "wrong"}
SCORE = 5


def user_similarity(ratings):
    print("x" * 100_000_000)
