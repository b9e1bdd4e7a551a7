"""The mean of each history, then the mean of those."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "each position counts the same"


def next_movie_loss(scores, targets):
    losses = [F.cross_entropy(row, one) for row, one in zip(scores, targets, strict=True)]
    return torch.stack([loss for loss in losses if not loss.isnan()]).mean()
