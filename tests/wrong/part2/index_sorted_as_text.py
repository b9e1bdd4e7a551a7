"""The ids were read as text somewhere, and text sorts 100 before 9."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "sorted as text"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return {int(raw_id): idx for idx, raw_id in enumerate(sorted({str(raw_id) for raw_id in ids}))}
