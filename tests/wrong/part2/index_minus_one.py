"""In MovieLens 100K the ids run from 1 without gaps, and id − 1 works – there."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "id − 1"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): int(raw_id) - 1 for raw_id in ids}
