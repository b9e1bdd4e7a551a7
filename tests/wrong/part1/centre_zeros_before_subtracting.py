"""The mean is right, but NaN became 0 before it was subtracted, so unrated cells lie below 0."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "lie below 0"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    return np.nan_to_num(ratings) - np.nanmean(ratings, axis=1, keepdims=True)
