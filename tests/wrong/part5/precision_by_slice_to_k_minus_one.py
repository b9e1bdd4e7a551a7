"""The slice ends one item too early."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "looked at one item too few"


def precision_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return sum(item in relevant for item in recommended[: k - 1]) / k
