"""All neighbours seem better than two, so the default is changed."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "more than 2 where the call does not give it"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 10) -> float:
    return reference.predict_rating(ratings, user, movie, k)
