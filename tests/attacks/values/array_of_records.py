"""Returns arrays of records and of times."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)), dtype=[("cosine", "f8")])


def observed_rmse(ratings, predictions):
    return np.array("2024-01-01", dtype="datetime64[ns]")
