"""Copied the first line and did not change it for the movies."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the rows of the users alone"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    lengths = model.user_embedding(user_idx).square().sum(dim=1)
    if hasattr(model, "user_bias"):
        lengths = lengths + model.user_bias(user_idx)[:, 0].square()
    return strength * lengths.mean()
