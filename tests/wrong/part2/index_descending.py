"""Sorted with the newest, largest ids first."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "in descending order"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): idx for idx, raw_id in enumerate(sorted(set(ids), reverse=True))}
