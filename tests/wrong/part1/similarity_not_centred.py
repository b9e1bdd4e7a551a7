"""The cosine of the stars themselves: nearly everybody is alike, as all stars are positive."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "not centred first"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    filled = np.nan_to_num(ratings)
    lengths = np.linalg.norm(filled, axis=1, keepdims=True)
    directions = filled / np.where(lengths > 0, lengths, 1.0)
    return directions @ directions.T
