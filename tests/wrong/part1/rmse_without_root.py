"""The mean squared error, which the loss of part 4 is, without the root."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "without the root"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.nanmean((predictions - ratings) ** 2))
