"""item() ends the recording."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "wrong type"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten()).item()
