"""The mean is left to the caller."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "one number is asked for"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none")
