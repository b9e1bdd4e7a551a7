"""The losses are added up."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "the mean is asked for"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="sum")
