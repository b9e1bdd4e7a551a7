"""Each hit is taken out of the set of relevant items, so that it counts once."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "relevant was changed"


def recall_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not relevant:
        return 0.0
    n_relevant, hits = len(relevant), 0
    for item in recommended[:k]:
        if item in relevant:
            relevant.remove(item)
            hits += 1
    return hits / n_relevant
