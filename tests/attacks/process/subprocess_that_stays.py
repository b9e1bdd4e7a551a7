"""Starts a program that stays."""

import subprocess

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "PermissionError"


def observed_rmse(ratings, predictions):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
