"""Returns values that come one by one, and without an end."""

import itertools

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return (row for row in iter(lambda: [0.0] * len(ratings), None))


def observed_rmse(ratings, predictions):
    return itertools.count()
