"""Nobody is more similar to you than yourself, so the first of the sorted users is left out."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.3"]
SAYS = "left out as oneself"


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings")
    mean = float(np.nanmean(ratings[user]))
    similarity = user_similarity(ratings)[user]
    others = np.argsort(-similarity)[1:]
    neighbours = [u for u in others if similarity[u] > 0 and not np.isnan(ratings[u, movie])][:k]
    if not neighbours:
        return mean
    centred = centre_ratings(ratings)[neighbours, movie]
    return mean + float(np.average(centred, weights=similarity[neighbours]))
