"""NaN became 0 to avoid trouble with it; with a threshold of 0 everything is then liked."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "0 reaches this threshold"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return np.nan_to_num(ratings) >= threshold
