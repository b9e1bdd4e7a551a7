"""Without an axis numpy averages the whole table, which still looks centred."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "one mean over the whole table"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    return np.nan_to_num(ratings - np.nanmean(ratings))
