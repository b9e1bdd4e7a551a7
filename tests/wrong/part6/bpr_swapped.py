"""Which is taken away from which?"""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "positive and negative changed places"


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return -F.logsigmoid(negative - positive).mean()
