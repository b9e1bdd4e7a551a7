"""The two words are mixed up."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "that is precision"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return sum(item in relevant for item in recommended[:k]) / k
