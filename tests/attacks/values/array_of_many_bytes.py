"""Returns an array of ten megabytes."""

STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    return np.ones(1_300_000)
