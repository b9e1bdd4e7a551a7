"""Ignores the signal that ends its time."""

import signal

STATES = {"1.5": "timeout"}
SCORE = 7
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass
