"""np.sum instead of np.mean under the root: the error grows with the number of ratings."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "sum instead of the mean"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.sqrt(np.nansum((predictions - ratings) ** 2)))
