"""The root of a square is the absolute value, so the two are left out together."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "absolute errors"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.nanmean(np.abs(predictions - ratings)))
