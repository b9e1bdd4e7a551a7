"""tolist makes Python ints of a Series or an array; a list has no tolist."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "AttributeError"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {raw_id: idx for idx, raw_id in enumerate(sorted(set(ids.tolist())))}
