"""NaN is replaced by 0 stars, and predictions for movies nobody rated count as errors."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "count as ratings of 0 stars"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.sqrt(np.mean((predictions - np.nan_to_num(ratings)) ** 2)))
