"""The classes are expected in dimension 1, and the positions stand there."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "wrong values"


def next_movie_loss(scores, targets):
    chances = scores.log_softmax(dim=1)
    there = targets != -100
    return -chances[there].gather(1, targets[there][:, None]).mean()
