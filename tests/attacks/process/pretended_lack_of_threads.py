"""Pretends that the machine has no thread left."""

STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "can't start new thread"


def observed_rmse(ratings, predictions):
    raise RuntimeError("can't start new thread")
