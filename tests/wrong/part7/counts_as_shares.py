"""Chances instead of counts."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "shares instead of counts"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    pairs = inputs[there] * n_movies + targets[there]
    counts = pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies)
    return counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
