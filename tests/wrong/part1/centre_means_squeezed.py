"""squeeze() makes a plain list of means of the column; with one user it leaves a number."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "IndexError"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    rated = ~np.isnan(ratings)
    sums = np.nansum(ratings, axis=1, keepdims=True)
    means = (sums / np.maximum(rated.sum(axis=1, keepdims=True), 1)).squeeze()
    return np.where(rated, ratings - means[:, None], 0.0)
