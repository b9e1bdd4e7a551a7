"""np.unique sorts and makes distinct, but its numbers are numpy's and not Python's."""

from collections.abc import Iterable

import numpy as np

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "numbers of numpy"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {raw_id: idx for idx, raw_id in enumerate(np.unique(list(ids)))}
