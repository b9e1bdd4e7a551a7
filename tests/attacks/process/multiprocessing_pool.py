"""Starts a pool of processes."""

import multiprocessing

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "Error"


def observed_rmse(ratings, predictions):
    with multiprocessing.get_context("fork").Pool(8) as pool:
        return pool.apply(max, (ratings.size, predictions.size))
