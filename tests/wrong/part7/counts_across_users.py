"""The rows are laid end to end and shifted, without a look at the targets."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "from one user to the next"


def transition_counts(inputs, targets, n_movies):
    movies = inputs.flatten()
    came, after = movies[:-1], movies[1:]
    there = (came < n_movies) & (after < n_movies)
    pairs = came[there] * n_movies + after[there]
    return pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies)
