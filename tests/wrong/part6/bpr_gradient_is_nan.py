"""torch.where picks the safe branch, and the gradient still goes through the other."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "nan"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    gap = positive - negative
    return torch.where(gap < -80, -gap, torch.log1p(torch.exp(-gap))).mean()
