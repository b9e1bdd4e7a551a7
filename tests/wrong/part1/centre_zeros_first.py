"""NaN becomes 0 at once, to be rid of it, and everything after that runs over the whole row."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "made 0 before the mean was taken"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    filled = np.nan_to_num(ratings)
    return filled - filled.mean(axis=1, keepdims=True)
