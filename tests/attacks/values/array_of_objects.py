"""Returns an array that holds objects."""

STATES = {"1.2": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.array([[object()] * len(ratings)] * len(ratings))
