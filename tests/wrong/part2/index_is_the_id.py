"""The ids are whole numbers already, so they serve as rows."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "the ids themselves"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): int(raw_id) for raw_id in ids}
