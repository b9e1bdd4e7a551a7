"""Another discount, known from the mean reciprocal rank."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "1 / r instead of"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gains = 1 / np.arange(1, k + 1)
    hits = [item in relevant for item in recommended[:k]]
    return float(gains[: len(hits)] @ hits / gains[: len(relevant)].sum())
