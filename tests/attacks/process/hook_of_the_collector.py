"""Hangs whenever memory is cleared up."""

import gc

STATES = {"1.5": "timeout"}
SCORE = 5


def hang(*_):
    while True:
        pass


def observed_rmse(ratings, predictions):
    gc.callbacks.append(hang)
    gc.collect()
