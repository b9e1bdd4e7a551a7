"""Answers the signal that ends its time with a handler of its own."""

import signal

STATES = {"1.5": "timeout"}
SCORE = 5
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    signal.signal(signal.SIGALRM, lambda *_: None)
    while True:
        pass
