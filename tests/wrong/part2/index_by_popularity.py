"""value_counts gives distinct ids, the most frequent first."""

from collections.abc import Iterable

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "the most frequent id first"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    counts = (
        pd.Series(sorted(ids)).value_counts(sort=False).sort_values(ascending=False, kind="stable")
    )
    return {int(raw_id): idx for idx, raw_id in enumerate(counts.index)}
