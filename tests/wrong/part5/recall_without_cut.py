"""k only seems to matter for precision."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "looked beyond the first k"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    return len(set(recommended) & set(relevant)) / len(relevant)
