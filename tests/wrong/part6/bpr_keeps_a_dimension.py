"""keepdim is left over from other code."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "a loss is a single number"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(positive - negative).mean(dim=0, keepdim=True)
