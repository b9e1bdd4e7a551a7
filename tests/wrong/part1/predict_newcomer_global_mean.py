"""A user without ratings gets the mean of all, which is kind but not what the task asks for."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "a made-up mean"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        return float(np.nanmean(ratings))
    return reference.predict_rating(ratings, user, movie, k)
