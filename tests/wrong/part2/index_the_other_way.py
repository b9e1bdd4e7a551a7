"""dict(enumerate(...)) maps positions to ids."""

from collections.abc import Iterable

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "from index to id"


def build_index(ids: Iterable[int]) -> dict[int, int]:
    return dict(enumerate(int(raw_id) for raw_id in sorted(set(ids))))
