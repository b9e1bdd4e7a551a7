"""A Series maps as well as a dict, until somebody asks for .get or .keys of a dict."""

from collections.abc import Iterable

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "a Series"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    distinct = sorted({int(raw_id) for raw_id in ids})
    return pd.Series(range(len(distinct)), index=distinct)
