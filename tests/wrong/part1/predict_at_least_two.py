"""One neighbour is no mean, so fewer than two are not asked."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "two neighbours, whatever k says"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    return reference.predict_rating(ratings, user, movie, max(k, 2))
