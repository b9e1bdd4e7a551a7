"""Returns a set, and a range as long as can be."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return {1.0, 2.0}


def observed_rmse(ratings, predictions):
    return range(10**12)
