"""A number is what is printed, and nothing can learn from it."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "the loss as a Tensor"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(positive - negative).mean().item()
