"""Padding is clamped to a class."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "as if movie 0 came next"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten().clamp(min=0))
