"""The error is raised but does not say for whom, which is no help in a table of 943 users."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "does not name the value"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError("this user has no ratings")
    return reference.predict_rating(ratings, user, movie, k)
