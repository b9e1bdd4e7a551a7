"""Returns numbers as text."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.full((len(ratings), len(ratings)), "1.0")


def observed_rmse(ratings, predictions):
    return "nan"
