"""Users without ratings are dropped to avoid numpy's warning, and every later row moves up."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "wrong shape"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    ratings = ratings[~np.isnan(ratings).all(axis=1)]
    return np.nan_to_num(ratings - np.nanmean(ratings, axis=1, keepdims=True))
