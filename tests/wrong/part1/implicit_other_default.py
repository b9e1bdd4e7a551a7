"""3.5 stars seem positive enough, so the default moved."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "less than 4 stars"


def to_implicit(ratings: np.ndarray, threshold: float = 3.5) -> np.ndarray:
    return ratings >= threshold
