"""Errors of unrated cells are set to 0, but the mean still divides by all cells."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "divided by the number of all cells"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    errors = np.nan_to_num(predictions - ratings)
    return float(np.sqrt(np.mean(errors**2)))
