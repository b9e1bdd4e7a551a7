"""A small number keeps the log finite, and flattens the loss where it matters most."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "limits the loss of large differences"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(positive - negative) + 1e-10).mean()
