"""SciPy and scikit-learn offer the cosine *distance*, 1 − cosine, under nearly the same name."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "the distance"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    return 1.0 - reference.user_similarity(ratings)
