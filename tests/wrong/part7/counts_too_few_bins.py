"""Without minlength, the table ends at the last pair that occurs."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "invalid for input"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    pairs = inputs[there] * n_movies + targets[there]
    return pairs.bincount()[:-1].view(n_movies, n_movies)
