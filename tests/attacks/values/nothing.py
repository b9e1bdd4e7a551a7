"""Returns nothing."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return None


def observed_rmse(ratings, predictions):
    return None
