"""Two user vectors multiplied: a table that is symmetric and says nothing about movies."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "users multiplied with users"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return user_factors @ user_factors.T
