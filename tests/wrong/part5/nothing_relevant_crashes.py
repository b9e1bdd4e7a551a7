"""That nothing may be relevant is not considered."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "ZeroDivisionError"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return sum(item in relevant for item in recommended[:k]) / len(relevant)
