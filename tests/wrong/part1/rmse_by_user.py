"""One RMSE for each user and then their mean: a user with 20 ratings counts like one with 700."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "users count alike"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    rows = ~np.isnan(ratings).all(axis=1)
    return float(np.sqrt(np.nanmean((predictions - ratings)[rows] ** 2, axis=1)).mean())
