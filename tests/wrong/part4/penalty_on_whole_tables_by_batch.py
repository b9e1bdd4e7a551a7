"""Spreads the size of all tables over the ratings of the batch."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "divided by the size of the batch"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    total = sum(weights.square().sum() for weights in model.parameters())
    return strength * total / len(user_idx)
