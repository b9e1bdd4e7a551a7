"""A share of what was recommended seems fair, but a list of one would be perfect."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "an empty place is a miss"


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    shown = recommended[:k]
    return sum(item in relevant for item in shown) / max(len(shown), 1)
