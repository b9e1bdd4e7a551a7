"""Padding is replaced in the caller's own tensor."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "the inputs were changed"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    inputs[~there] = 0
    pairs = inputs[there] * n_movies + targets[there]
    return pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies)
