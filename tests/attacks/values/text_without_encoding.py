"""Returns text that no encoding knows, and bytes."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return "\ud800 nan"


def observed_rmse(ratings, predictions):
    return b"\xff"
