"""Returns an object that hangs when it is thrown away."""

STATES = {"1.5": "wrong"}
SCORE = 5


class Sticky:
    def __del__(self):
        while True:
            pass


def observed_rmse(ratings, predictions):
    return Sticky()
