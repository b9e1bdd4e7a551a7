"""range(len(ids)) counts places, but a Series looks up labels."""

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "KeyError: 0"


def build_index(ids):
    distinct = sorted({int(ids[place]) for place in range(len(ids))})
    return {raw_id: idx for idx, raw_id in enumerate(distinct)}
