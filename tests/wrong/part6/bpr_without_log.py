"""The sigmoid alone already looks like a chance to maximise."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "the log is missing"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -torch.sigmoid(positive - negative).mean()
