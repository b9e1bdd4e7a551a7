"""The gain is summed, and the n of nDCG is left out."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "that is DCG"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    gains = 1 / np.log2(np.arange(k) + 2)
    hits = [item in relevant for item in recommended[:k]]
    return float(gains[: len(hits)] @ hits)
