"""numpy complained about shapes, so the transpose is only made when it has to be."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "rows of users met columns"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    if user_factors.shape[1] == movie_factors.shape[0]:
        return user_factors @ movie_factors
    return user_factors @ movie_factors.T
