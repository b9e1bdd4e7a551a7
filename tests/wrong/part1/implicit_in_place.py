"""Empty cells are filled with a rating that nobody likes, in the table that came in."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "the caller's own data"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    ratings[np.isnan(ratings)] = -1.0
    return ratings >= threshold
