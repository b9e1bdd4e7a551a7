"""'Everybody is like themselves', so the diagonal is set to 1, also for those without a taste."""

import numpy as np

from solutions.part1 import neighbours as reference
from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "1 on the diagonal"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    similarity = reference.user_similarity(ratings)
    np.fill_diagonal(similarity, 1.0)
    return similarity
