"""The likelihood is to be maximised, the loss minimised."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "the sign"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return F.logsigmoid(positive - negative).mean()
