"""The ids are sorted but never made distinct, so repeated ones use up numbers."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "repeated ids were counted again"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): idx for idx, raw_id in enumerate(sorted(ids))}
