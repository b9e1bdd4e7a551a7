"""Rendle's formula has a sum, the task a mean."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "the sum"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(positive - negative).sum()
