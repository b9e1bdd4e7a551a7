"""With nobody to ask, the mean of an empty list is NaN, and NaN is returned."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "no neighbours at all"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    mean = reference.predict_rating(ratings, user, movie, k)
    similarity = user_similarity(ratings)[user]
    others = np.arange(len(ratings)) != user
    if not (others & ~np.isnan(ratings[:, movie]) & (similarity > 0)).any():
        return float("nan")
    return mean
