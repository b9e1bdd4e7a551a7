"""Returns masked arrays and matrices with other rules of comparison."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    n = len(ratings)
    return np.ma.masked_array(np.zeros((n, n)), mask=np.ones((n, n)))


def observed_rmse(ratings, predictions):
    return np.matrix([[0.0]])
