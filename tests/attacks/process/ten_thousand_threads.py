"""Starts ten thousand threads that sleep."""

import threading
import time

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "can't start new thread"


def observed_rmse(ratings, predictions):
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(600,)).start()
