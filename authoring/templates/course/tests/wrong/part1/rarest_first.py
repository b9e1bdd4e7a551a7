"""A sort begins with the smallest unless it is told otherwise."""

from solutions.part1.words import *

FAILS = ["1.2"]
SAYS = "the rarest words come first"


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    return sorted(counts, key=lambda word: (counts[word], word))[:n]
