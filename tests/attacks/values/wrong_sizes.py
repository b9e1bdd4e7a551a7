"""Returns arrays that are a row too long, and turned."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.ones((len(ratings) + 1, len(ratings)))


def observed_rmse(ratings, predictions):
    return np.ones(5)
