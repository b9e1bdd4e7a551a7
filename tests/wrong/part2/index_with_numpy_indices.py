"""np.arange numbers the ids, with numbers of numpy that JSON, for one, cannot write."""

from collections.abc import Iterable

import numpy as np

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "numbers of numpy"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    distinct = sorted({int(raw_id) for raw_id in ids})
    return dict(zip(distinct, np.arange(len(distinct)), strict=True))
