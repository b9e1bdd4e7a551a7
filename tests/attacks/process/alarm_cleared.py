"""Takes the alarm back that would end its time."""

import signal

STATES = {"1.5": "timeout"}
SCORE = 7
SAYS = "did not stop when told to"


def observed_rmse(ratings, predictions):
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        pass
