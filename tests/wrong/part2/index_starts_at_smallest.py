"""Subtracting the smallest id makes the ids begin with 0, and the gaps stay."""

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "which leaves gaps"


def build_index(ids):
    smallest = min(ids)
    return {int(raw_id): int(raw_id - smallest) for raw_id in ids}
