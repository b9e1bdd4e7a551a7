"""Weight decay pulls on every row, and a penalty is weight decay."""

from solutions.part4.training import *

FAILS = ["4.5"]
SAYS = "the whole tables, not the rows of the batch"


def l2_penalty(model, user_idx, movie_idx, strength=0.1):
    return strength * sum(weights.square().sum() for weights in model.parameters())
