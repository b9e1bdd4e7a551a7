"""Returns an array without dimensions, and one without elements."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.array(1.0)


def observed_rmse(ratings, predictions):
    return np.empty((0, 3))
