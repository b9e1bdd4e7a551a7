"""A negative index counts from the end."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "wrong values"


def transition_counts(inputs, targets, n_movies):
    counts = torch.zeros(n_movies, n_movies)
    for movie, after in zip(inputs.flatten().tolist(), targets.flatten().tolist(), strict=True):
        counts[movie % n_movies, after % n_movies] += 1
    return counts
