"""numpy's add.at counts, and the table stays numpy's."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "wrong type"


def transition_counts(inputs, targets, n_movies):
    there = targets != -100
    counts = torch.zeros(n_movies, n_movies).numpy()
    for movie, after in zip(inputs[there].tolist(), targets[there].tolist(), strict=True):
        counts[movie, after] += 1
    return counts
