"""Scores are handed over as they are, with the movies in the wrong place."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "RuntimeError"


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores, targets)
