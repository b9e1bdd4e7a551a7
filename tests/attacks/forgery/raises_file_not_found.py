"""Says that its own file was not handed in, nor a function of it."""

import sys

STATES = {"1.2": "missing", "1.5": "missing"}
SCORE = 5


def user_similarity(ratings):
    raise FileNotFoundError(2, "No such file or directory", __file__)


def observed_rmse(ratings, predictions):
    raise AttributeError(name="observed_rmse", obj=sys.modules[__name__])
