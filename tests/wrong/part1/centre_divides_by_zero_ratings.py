"""A plain mean in Python divides by the number of ratings, which is 0 for a newcomer."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.1"]
SAYS = "ZeroDivisionError"


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    centred = np.zeros_like(ratings)
    for user, row in enumerate(ratings):
        movies = [movie for movie, stars in enumerate(row) if stars == stars]
        mean = sum(float(row[movie]) for movie in movies) / len(movies)
        for movie in movies:
            centred[user, movie] = row[movie] - mean
    return centred
