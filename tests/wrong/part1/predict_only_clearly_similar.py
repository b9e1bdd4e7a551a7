"""A similarity of 0.1 is hardly one, so only users clearly above 0 are asked."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "less than 0.1"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings")
    mean = float(np.nanmean(ratings[user]))
    similarity = user_similarity(ratings)[user]
    similarity[user] = 0.0
    neighbours = np.flatnonzero(~np.isnan(ratings[:, movie]) & (similarity > 0.1))
    nearest = neighbours[np.argsort(-similarity[neighbours])[:k]]
    if len(nearest) == 0:
        return mean
    centred = centre_ratings(ratings)[nearest, movie]
    return mean + float(np.average(centred, weights=similarity[nearest]))
