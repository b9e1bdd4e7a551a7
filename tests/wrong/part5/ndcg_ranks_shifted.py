"""Ranks are counted from 1 and the formula for ranks from 0 is used."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "ranks start at 1"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gains = 1 / np.log2(np.arange(1, k + 1) + 2)
    hits = [item in relevant for item in recommended[:k]]
    return float(gains[: len(hits)] @ hits / gains[: len(relevant)].sum())
