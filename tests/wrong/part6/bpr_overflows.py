"""The formula is written as it stands: σ becomes 0 and its log −∞."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "it needs one function for both"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(positive - negative)).mean()
