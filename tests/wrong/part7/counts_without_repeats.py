"""Adding 1 at a list of places adds once, however often a place is in it."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "does not add up"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    counts = torch.zeros(n_movies, n_movies)
    counts[inputs[there], targets[there]] += 1
    return counts
