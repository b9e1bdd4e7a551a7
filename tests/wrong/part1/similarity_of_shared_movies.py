"""Textbooks' Pearson similarity: lengths over the movies that both users rated."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.2"]
SAYS = "both users rated"


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    centred = centre_ratings(ratings)
    squares = centred**2 @ (~np.isnan(ratings)).T
    lengths = np.sqrt(squares * squares.T)
    return centred @ centred.T / np.where(lengths > 0, lengths, 1.0)
