"""Unrated cells stay NaN, so that 'unknown' and 'not liked' can be told apart."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.6"]
SAYS = "still NaN"


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return np.where(np.isnan(ratings), np.nan, ratings >= threshold)
