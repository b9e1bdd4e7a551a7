"""Returns a text of two megabytes."""

STATES = {"1.5": "malformed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    return "a" * 2 * 10**6
