"""numpy divides 0 by 0 without an error."""

from solutions.part5.recommend import *

FAILS = ["5.3"]
SAYS = "NaN from dividing 0 by 0"


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    found = sum(item in relevant for item in recommended[:k])
    with np.errstate(invalid="ignore"):
        return float(np.float64(found) / len(relevant))
