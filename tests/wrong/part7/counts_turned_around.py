"""Rows are what came next."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "turned around"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    pairs = targets[there] * n_movies + inputs[there]
    return pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies)
