"""Stars lie between 1 and 5, so the predictions are cut off there."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "cut off at 1 and 5"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return np.clip(user_factors @ movie_factors.T, 1, 5)
