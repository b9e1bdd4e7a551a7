"""np.nditer visits the cells in the order in which memory holds them, not row by row."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "asfortranarray"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    means = [np.nanmean(row) if not np.isnan(row).all() else 0.0 for row in ratings]
    n_movies = ratings.shape[1]
    cells = [
        0.0 if np.isnan(stars) else float(stars) - means[place // n_movies]
        for place, stars in enumerate(np.nditer(ratings))
    ]
    return np.array(cells).reshape(ratings.shape)
