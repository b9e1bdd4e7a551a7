"""Some libraries cap recall so that 1.0 can be reached; this task does not."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "the smaller of k and the number relevant"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    return sum(item in relevant for item in recommended[:k]) / min(k, len(relevant))
