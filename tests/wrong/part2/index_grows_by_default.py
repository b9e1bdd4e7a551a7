"""The empty dictionary in the first line is made once, and every call adds to it."""

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "ids of an earlier call"


def build_index(ids, index={}):  # noqa: B006
    for raw_id in sorted(set(ids)):
        index.setdefault(int(raw_id), len(index))
    return index
