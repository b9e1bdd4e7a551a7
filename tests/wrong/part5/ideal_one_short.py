"""The range of the ideal list ends one rank too early."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "one hit too few"


def ndcg_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gain = sum(1 / np.log2(r + 1) for r, item in enumerate(recommended[:k], 1) if item in relevant)
    ideal = sum(1 / np.log2(r + 1) for r in range(1, max(min(k, len(relevant)), 2)))
    return float(gain / ideal)
