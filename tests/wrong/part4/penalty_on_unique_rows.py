"""A row is a row, however many ratings use it."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "each row once"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    penalty = 0
    for kind, idx in (("user", user_idx), ("movie", movie_idx)):
        for name in (f"{kind}_embedding", f"{kind}_bias"):
            if hasattr(model, name):
                penalty = penalty + getattr(model, name)(idx.unique()).square().sum()
    return strength * penalty / len(user_idx)
