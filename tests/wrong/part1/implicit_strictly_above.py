"""'More than 4 stars' instead of '4 stars or more'."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "equal to the threshold is not counted"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return ratings > threshold
