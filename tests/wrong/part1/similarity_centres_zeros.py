"""np.corrcoef centres by itself, but it takes the unrated cells for ratings of 0 stars."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "counted as 0 stars when the rows were centred"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    return np.nan_to_num(np.corrcoef(np.nan_to_num(ratings)))
