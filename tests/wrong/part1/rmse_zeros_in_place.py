"""Empty cells are filled so that numpy does not warn: in the caller's table."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "the caller's own data"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    rated = ~np.isnan(ratings)
    ratings[~rated] = 0.0
    errors = (predictions - ratings)[rated]
    return float(np.sqrt((errors**2).mean()))
