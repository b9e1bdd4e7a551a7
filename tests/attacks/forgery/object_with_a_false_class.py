"""Returns an object that says it is an array of numpy."""

STATES = {"1.2": "wrong"}
SCORE = 5


class Lying:
    @property
    def __class__(self):
        return np.ndarray

    dtype = np.dtype("float64")
    shape = (6, 6)

    def tobytes(self):
        return b"forged"


def user_similarity(ratings):
    return Lying()
