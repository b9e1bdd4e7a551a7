"""Biases are no factors."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the biases are left out"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    users, movies = model.user_embedding(user_idx), model.movie_embedding(movie_idx)
    return strength * (users.square().sum(dim=1) + movies.square().sum(dim=1)).mean()
