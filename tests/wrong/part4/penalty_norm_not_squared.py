"""The L2 norm has a root in it."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the lengths, not their squares"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    tables = {"user_embedding": user_idx, "movie_embedding": movie_idx}
    if hasattr(model, "user_bias"):
        tables |= {"user_bias": user_idx, "movie_bias": movie_idx}
    norms = [getattr(model, name)(idx).norm(dim=1) for name, idx in tables.items()]
    return strength * sum(norms).mean()
