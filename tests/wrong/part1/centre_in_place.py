"""The subtraction is written into the array that came in: short, and the caller's data is gone."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "the caller's own data"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    ratings -= np.nanmean(ratings, axis=1, keepdims=True)
    ratings[np.isnan(ratings)] = 0.0
    return ratings
