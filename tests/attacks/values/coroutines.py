"""Returns what would have to be awaited."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


async def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)))


async def observed_rmse(ratings, predictions):
    yield 0.0
