"""pd.unique keeps the order of appearance: another order of rows gives another index."""

from collections.abc import Iterable

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "in which the ids first appear"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): idx for idx, raw_id in enumerate(pd.unique(pd.Series(ids)))}
