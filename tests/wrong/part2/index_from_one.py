"""Counting begins with 1, as the ids in the files do."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "begin with 1"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): idx for idx, raw_id in enumerate(sorted(set(ids)), start=1)}
