"""The movies come first, so the table lies on its side."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "the other way round"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return movie_factors @ user_factors.T
