"""Padding gets a row and a column of its own."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "padding has a row and a column"


def transition_counts(inputs, targets, n_movies):
    after = targets.where(targets >= 0, n_movies)
    pairs = inputs * (n_movies + 1) + after
    counts = pairs.flatten().bincount(minlength=(n_movies + 1) ** 2)
    return counts.view(n_movies + 1, n_movies + 1)
