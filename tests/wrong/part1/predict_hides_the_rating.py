"""The rating to be predicted is removed first, so that nobody peeks: from the caller's table."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "the caller's own data"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings")
    mean = float(np.nanmean(ratings[user]))
    similarity = user_similarity(ratings)[user]
    centred = centre_ratings(ratings)
    ratings[user, movie] = np.nan  # nobody is their own neighbour
    neighbours = np.flatnonzero(~np.isnan(ratings[:, movie]) & (similarity > 0))
    nearest = neighbours[np.argsort(-similarity[neighbours])[:k]]
    if len(nearest) == 0:
        return mean
    return mean + float(np.average(centred[nearest, movie], weights=similarity[nearest]))
