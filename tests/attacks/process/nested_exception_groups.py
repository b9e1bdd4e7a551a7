"""Raises an exception nested ten thousand deep."""

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    error = ValueError("the innermost")
    for _ in range(10_000):
        error = ExceptionGroup("one more", [error])
    raise error
