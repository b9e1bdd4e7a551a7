"""The threshold is typed in as 4, and the argument does nothing."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "fixed at 4 stars"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return ratings >= 4.0
