"""np.nanmean of a row without ratings warns and returns NaN; nothing stops it."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "the mean of no ratings"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        return float(np.nanmean(ratings[user]))
    return reference.predict_rating(ratings, user, movie, k)
