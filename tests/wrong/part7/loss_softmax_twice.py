"""The softmax is applied before a loss that has its own."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "a softmax too many"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.softmax(dim=-1).flatten(0, 1), targets.flatten())
