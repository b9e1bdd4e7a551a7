"""log(1 + exp(−x)) overflows on the other side."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "inf in"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return torch.log(1 + torch.exp(negative - positive)).mean()
