"""The sum over targets is divided by all positions."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "padding included"


def next_movie_loss(scores, targets):
    losses = F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none")
    return losses.mean()
