"""Returns a hundred megabytes of text, and as many bytes."""

STATES = {"1.2": "wrong", "1.5": "malformed"}
SCORE = 5


def user_similarity(ratings):
    return bytes(10**8)


def observed_rmse(ratings, predictions):
    return "a" * 10**8
