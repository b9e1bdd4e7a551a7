"""pandas' rank numbers things in order, but in floats."""

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "float"


def build_index(ids):
    ranks = pd.Series(sorted(set(ids))).rank() - 1
    return dict(zip(sorted(int(raw_id) for raw_id in set(ids)), ranks.tolist(), strict=True))
