"""Stars are whole numbers, so the threshold is made one, too."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "cut to a whole number"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return ratings >= int(threshold)
