"""Prints without end."""

STATES = {"1.5": "timeout"}
SCORE = 5


def observed_rmse(ratings, predictions):
    while True:
        print("no end" * 1000)
