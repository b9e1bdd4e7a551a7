"""Feedback as 0 and 1, as a model will want it later."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "numbers 0 and 1"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return (ratings >= threshold).astype(int)
