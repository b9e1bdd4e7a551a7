"""The gain runs over the whole list."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "looked beyond the first k"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gains = 1 / np.log2(np.arange(max(k, len(recommended))) + 2)
    hits = [item in relevant for item in recommended]
    return float(gains[: len(hits)] @ hits / gains[: min(k, len(relevant))].sum())
