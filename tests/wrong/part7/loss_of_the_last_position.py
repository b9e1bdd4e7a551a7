"""Only the last movie is to be predicted."""

from solutions.part7.deep import *

FAILS = ["7.6"]
SAYS = "the last position alone"


def next_movie_loss(scores, targets):
    lengths = (targets != -100).sum(dim=1)
    rows = torch.arange(len(targets))[lengths > 0]
    last = lengths[lengths > 0] - 1
    return F.cross_entropy(scores[rows, last], targets[rows, last])
