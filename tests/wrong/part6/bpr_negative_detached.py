"""Only the seen movie is thought to move."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "no gradient reaches the scores"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(positive - negative.detach()).mean()
