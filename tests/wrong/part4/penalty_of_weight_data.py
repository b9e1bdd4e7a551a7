""".data is in many old examples."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "no gradient comes out"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    rows = [
        model.user_embedding.weight.data[user_idx],
        model.movie_embedding.weight.data[movie_idx],
    ]
    if hasattr(model, "user_bias"):
        rows += [model.user_bias.weight.data[user_idx], model.movie_bias.weight.data[movie_idx]]
    return strength * torch.cat(rows, dim=1).square().sum(dim=1).mean()
