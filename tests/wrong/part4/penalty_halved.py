"""Texts write λ/2, so that the 2 of the derivative cancels."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "half of it"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    users, movies = model.user_embedding(user_idx), model.movie_embedding(movie_idx)
    lengths = users.square().sum(dim=1) + movies.square().sum(dim=1)
    if hasattr(model, "user_bias"):
        biases = model.user_bias(user_idx), model.movie_bias(movie_idx)
        lengths = lengths + sum(bias.square()[:, 0] for bias in biases)
    return strength / 2 * lengths.mean()
