"""Sets make the hits easy to count and the cut easy to forget."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "looked beyond the first k"


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return len(set(recommended) & set(relevant)) / k
