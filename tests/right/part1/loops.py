"""Plain Python loops all the way; numpy only holds the tables."""

import math

import numpy as np


def mean_of(row: np.ndarray) -> float:
    stars = [x for x in row if not math.isnan(x)]
    return sum(stars) / len(stars) if stars else 0.0


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    centred = np.zeros(ratings.shape)
    for user in range(ratings.shape[0]):
        mean = mean_of(ratings[user])
        for movie in range(ratings.shape[1]):
            if not math.isnan(ratings[user, movie]):
                centred[user, movie] = ratings[user, movie] - mean
    return centred


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    rows = centre_ratings(ratings)
    table = np.zeros((len(rows), len(rows)))
    for a in range(len(rows)):
        for b in range(len(rows)):
            dot = sum(x * y for x, y in zip(rows[a], rows[b], strict=True))
            length = math.sqrt(sum(x * x for x in rows[a])) * math.sqrt(sum(y * y for y in rows[b]))
            table[a, b] = dot / length if length else 0.0
    return table


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    if all(math.isnan(x) for x in ratings[user]):
        raise ValueError(f"no ratings of user {user}")
    similarity = user_similarity(ratings)
    centred = centre_ratings(ratings)
    found = []
    for other in range(len(ratings)):
        if other == user or math.isnan(ratings[other, movie]):
            continue
        if similarity[user, other] > 0:
            found.append((similarity[user, other], centred[other, movie]))
    found.sort(reverse=True)
    above = below = 0.0
    for weight, opinion in found[:k]:
        above += weight * opinion
        below += weight
    return mean_of(ratings[user]) + (above / below if below else 0.0)


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    table = np.empty((len(user_factors), len(movie_factors)))
    for u, user in enumerate(user_factors):
        for m, movie in enumerate(movie_factors):
            table[u, m] = sum(a * b for a, b in zip(user, movie, strict=True))
    return table


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    total, n = 0.0, 0
    for stars, predicted in zip(ratings.flat, predictions.flat, strict=True):
        if not math.isnan(stars):
            total += (stars - predicted) ** 2
            n += 1
    return math.sqrt(total / n)


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return np.array([[bool(stars >= threshold) for stars in row] for row in ratings])
