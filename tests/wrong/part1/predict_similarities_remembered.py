"""All similarities for each prediction is slow, so they are computed once, for the first table."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "an earlier call"


similarities: dict[tuple[int, ...], np.ndarray] = {}


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings")
    mean = float(np.nanmean(ratings[user]))
    similarity = similarities.setdefault(ratings.shape, user_similarity(ratings))[user].copy()
    similarity[user] = 0.0
    neighbours = np.flatnonzero(~np.isnan(ratings[:, movie]) & (similarity > 0))
    nearest = neighbours[np.argsort(-similarity[neighbours])[:k]]
    if len(nearest) == 0:
        return mean
    centred = centre_ratings(ratings)[nearest, movie]
    return mean + float(np.average(centred, weights=similarity[nearest]))
