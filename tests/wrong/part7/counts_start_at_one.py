"""One is added everywhere, so that nothing is impossible."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "plus one everywhere"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    pairs = inputs[there] * n_movies + targets[there]
    return pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies) + 1
