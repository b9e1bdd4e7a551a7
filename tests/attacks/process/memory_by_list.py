"""Fills the memory with a list of large objects."""

STATES = {"1.5": "memory"}
SCORE = 5


def observed_rmse(ratings, predictions):
    kept = []
    while True:
        kept.append(bytes(128 << 20))
