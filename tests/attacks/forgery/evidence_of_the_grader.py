"""Returns the grader's own kinds of evidence."""

from grading.checks.evidence import Array, Unknown

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    array = np.ones((len(ratings), len(ratings))).view(Array)
    array.was = "ndarray"
    return array


def observed_rmse(ratings, predictions):
    return Unknown("float")
