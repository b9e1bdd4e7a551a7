"""Positive similarity is forgotten, and the opinion of users of opposite taste counts."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "negative similarity"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings")
    mean = np.nanmean(ratings[user])
    similarity = user_similarity(ratings)[user]
    similarity[user] = 0.0
    neighbours = np.flatnonzero(~np.isnan(ratings[:, movie]) & (np.arange(len(ratings)) != user))
    nearest = neighbours[np.argsort(-similarity[neighbours])[:k]]
    if len(nearest) == 0:
        return float(mean)
    centred = centre_ratings(ratings)[nearest, movie]
    return float(mean + np.average(centred, weights=similarity[nearest]))
