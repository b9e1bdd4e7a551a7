"""NaN minus anything is NaN, and so is the mean over it."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "NaN from the unrated cells"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.sqrt(np.mean((predictions - ratings) ** 2)))
