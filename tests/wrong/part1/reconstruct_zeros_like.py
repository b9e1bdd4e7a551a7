"""The table to fill is made in the shape of user_factors, which fits by luck or not at all."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.4"]
SAYS = "IndexError"


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    table = np.zeros_like(user_factors)
    for user in range(len(user_factors)):
        for movie in range(len(movie_factors)):
            table[user, movie] = user_factors[user] @ movie_factors[movie]
    return table
