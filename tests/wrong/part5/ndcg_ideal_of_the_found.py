"""The ideal list is the given one, sorted: what was never found is not missed."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "not all that there were"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gains = 1 / np.log2(np.arange(k) + 2)
    hits = [item in relevant for item in recommended[:k]]
    if not any(hits):
        return 0.0
    return float(gains[: len(hits)] @ hits / gains[: sum(hits)].sum())
