"""'Not below the threshold' sounds like the same, but NaN is not below anything."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "unrated cells count as liked"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return ~(ratings < threshold)
