"""mean() without dim, where a sum over the factors is due."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "a mean over the factors, too"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    tables = {"user_embedding": user_idx, "movie_embedding": movie_idx}
    if hasattr(model, "user_bias"):
        tables |= {"user_bias": user_idx, "movie_bias": movie_idx}
    return strength * sum(getattr(model, name)(idx).square().mean() for name, idx in tables.items())
