"""The chance of being wrong is taken for the loss."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "1 − σ instead of"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return (1 - torch.sigmoid(positive - negative)).mean()
