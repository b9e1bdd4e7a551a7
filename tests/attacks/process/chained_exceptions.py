"""Raises the last of a hundred thousand exceptions, each the cause of the next."""

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    error = ValueError("the first")
    for _ in range(100_000):
        after = ValueError("one more")
        after.__cause__ = after.__context__ = error
        error = after
    raise error
