"""Only the k that would divide by zero is refused."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "no error where one is needed"


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k == 0:
        raise ValueError(f"k must be at least 1, got {k}")
    return sum(item in relevant for item in recommended[:k]) / k
