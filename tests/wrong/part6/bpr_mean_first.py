"""The difference of two means is not the mean of the losses."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "the mean was taken before"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(positive.mean() - negative.mean())
