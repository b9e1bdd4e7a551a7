"""A length is the root of the sum of squares; the root was forgotten."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "is there a root missing"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    centred = centre_ratings(ratings)
    lengths = (centred**2).sum(axis=1)
    return (
        centred
        @ centred.T
        / np.where(lengths > 0, lengths, 1.0)[:, None]
        / np.where(lengths > 0, lengths, 1.0)
    )
