"""The dot product is half of the cosine; without the lengths, those who rate much are like all."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "not divided by the lengths"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    centred = centre_ratings(ratings)
    return centred @ centred.T
