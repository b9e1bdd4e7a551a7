"""The two words are mixed up."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "that is recall"


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    return recall_at_k(recommended, relevant, k)
