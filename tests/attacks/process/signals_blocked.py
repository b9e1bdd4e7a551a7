"""Blocks every signal that can be blocked, then loops."""

import signal

STATES = {"1.5": "timeout"}
SCORE = 5
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
