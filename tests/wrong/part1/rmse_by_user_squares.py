"""The squares are averaged for each user first, and those means once more."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "root of the mean of each user's mean"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    rows = ~np.isnan(ratings).all(axis=1)
    return float(np.sqrt(np.nanmean((predictions - ratings)[rows] ** 2, axis=1).mean()))
