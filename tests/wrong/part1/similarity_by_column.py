"""Each column is divided by its length, and not each row."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "divided by the lengths of the columns"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    centred = centre_ratings(ratings)
    lengths = np.linalg.norm(centred, axis=0)
    directions = centred / np.where(lengths > 0, lengths, 1.0)
    return directions @ directions.T
