"""Returns numbers that are equal to nothing, or larger than all."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.full((len(ratings), len(ratings)), np.nan)


def observed_rmse(ratings, predictions):
    return float("inf")
