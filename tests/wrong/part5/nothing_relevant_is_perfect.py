"""Nothing was missed, so the list counts as perfect."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "wrong value"


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    return reference.ndcg_at_k(recommended, relevant, k) if relevant else 1.0
