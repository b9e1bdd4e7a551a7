"""Padding is clamped into the range of the movies."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "padding was counted as movie 0"


def transition_counts(inputs, targets, n_movies):
    there = inputs.where(inputs < n_movies, 0) * n_movies + targets.clamp(min=0)
    return there.flatten().bincount(minlength=n_movies**2).view(n_movies, n_movies)
