"""'Centre' is remembered as 'standardise', as scikit-learn's scaler does both."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "standard deviation"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    means = np.nanmean(ratings, axis=1, keepdims=True)
    return np.nan_to_num((ratings - means) / np.nanstd(ratings, axis=1, keepdims=True))
