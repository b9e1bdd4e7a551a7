"""Returns a whole number of five thousand digits, and one of infinite size."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return 10**5000


def observed_rmse(ratings, predictions):
    return True
