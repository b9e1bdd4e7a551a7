"""axis=0 looks like 'the first axis, the users', but it averages down the columns."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "each movie's mean was subtracted"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    return np.nan_to_num(ratings - np.nanmean(ratings, axis=0))
