"""The centring is written once more inside, with -=, and so into the table that came in."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "the caller's own data"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    n_rated = np.maximum((~np.isnan(ratings)).sum(axis=1, keepdims=True), 1)
    ratings -= np.nansum(ratings, axis=1, keepdims=True) / n_rated
    ratings[np.isnan(ratings)] = 0.0
    lengths = np.linalg.norm(ratings, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return (ratings / lengths) @ (ratings / lengths).T
