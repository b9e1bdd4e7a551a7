"""Returns functions, classes and coroutines in place of what they would return."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


async def later():
    return 0.0


def user_similarity(ratings):
    return np.ndarray


def observed_rmse(ratings, predictions):
    return later
