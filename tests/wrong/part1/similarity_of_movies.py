"""The transpose stands on the wrong factor, so movies are compared."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "movies compared with movies"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    centred = centre_ratings(ratings)
    lengths = np.linalg.norm(centred, axis=0)
    directions = centred / np.where(lengths > 0, lengths, 1.0)
    return directions.T @ directions
