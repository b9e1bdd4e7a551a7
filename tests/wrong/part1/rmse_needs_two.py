"""The variance of one number is not defined, so one error is not measured."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "one error is an error, too"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    errors = (predictions - ratings)[~np.isnan(ratings)]
    return float(np.sqrt(np.mean(errors**2))) if len(errors) > 1 else 0.0
