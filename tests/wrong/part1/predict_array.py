"""The mean was taken with keepdims, so an array of one number comes back."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "a ndarray of shape [1]"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    return np.array([reference.predict_rating(ratings, user, movie, k)])
