"""Returns arrays that name their kind themselves: one of a megabyte, one that is none."""

STATES = {"1.2": "malformed", "1.5": "crashed"}
SCORE = 5


class Named(np.ndarray):
    was = "ndarray" * 10**5


class Nameless(np.ndarray):
    was = object()


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings))).view(Named)


def observed_rmse(ratings, predictions):
    return np.ones(3).view(Nameless)
