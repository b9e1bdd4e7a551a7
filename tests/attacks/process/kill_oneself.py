"""Kills its own process."""

import signal

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def user_similarity(ratings):
    signal.raise_signal(signal.SIGKILL)
