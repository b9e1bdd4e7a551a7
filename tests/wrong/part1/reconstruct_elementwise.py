"""* instead of @, with a loop over movies to make the shapes fit: nothing adds up the factors."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "wrong shape"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return user_factors[:, None, :] * movie_factors[None, :, :]
