"""Returns complex numbers, times, text and records in place of floats."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)), dtype=complex)


def observed_rmse(ratings, predictions):
    return np.datetime64("2024-01-01")
