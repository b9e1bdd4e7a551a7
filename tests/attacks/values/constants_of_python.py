"""Returns constants that Python treats in a way of its own."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return NotImplemented


def observed_rmse(ratings, predictions):
    return ...
