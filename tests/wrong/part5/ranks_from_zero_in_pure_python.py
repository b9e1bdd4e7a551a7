"""enumerate counts from 0, and log2(1) is 0."""

import math

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "log2(1), with ranks from 0"


def ndcg_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    gain = sum(1 / math.log2(r + 1) for r, item in enumerate(recommended[:k]) if item in relevant)
    ideal = sum(1 / math.log2(r + 1) for r in range(min(k, len(relevant))))
    return float(gain / ideal)
