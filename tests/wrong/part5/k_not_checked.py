"""A negative k only cuts from the other end, and nothing complains."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "no error where one is needed"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if not relevant:
        return 0.0
    return sum(item in relevant for item in recommended[:k]) / len(relevant)
