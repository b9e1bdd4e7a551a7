"""The mean is taken over the whole row: NaN was replaced by 0 before, as numpy's mean asks for."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "count as 0 stars in the user's mean"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    means = np.nan_to_num(ratings).mean(axis=1, keepdims=True)
    return np.where(np.isnan(ratings), 0.0, ratings - means)
