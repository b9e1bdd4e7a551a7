"""Returns an object that becomes another array each time it is read."""

STATES = {"1.2": "wrong"}
SCORE = 5


class Changing:
    n = 0

    def __array__(self, *args, **kwargs):
        Changing.n += 1
        return np.full((6, 6), float(Changing.n))


def user_similarity(ratings):
    return Changing()
