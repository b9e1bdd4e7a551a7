"""Stops its own process, which then does nothing at all."""

import signal

STATES = {"1.5": "timeout"}
SCORE = 5
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    signal.raise_signal(signal.SIGSTOP)
