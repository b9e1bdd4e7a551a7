"""Broadcasting leaves a dimension of one behind; squeeze() removes all that are."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "a bare squeeze()"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return (user_factors[:, None, None, :] @ movie_factors[None, :, :, None]).squeeze()
