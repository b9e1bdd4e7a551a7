"""The user has a bias, and the movie was forgotten."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the biases of the movies are left out"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    users, movies = model.user_embedding(user_idx), model.movie_embedding(movie_idx)
    lengths = users.square().sum(dim=1) + movies.square().sum(dim=1)
    if hasattr(model, "user_bias"):
        lengths = lengths + model.user_bias(user_idx)[:, 0].square()
    return strength * lengths.mean()
