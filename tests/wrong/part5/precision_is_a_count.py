"""The hits are counted and never divided."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "the number of hits"


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return float(sum(item in relevant for item in recommended[:k]))
