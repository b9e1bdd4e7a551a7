"""A sort by the count alone leaves words with the same count as they were."""

from solutions.part1.words import *

FAILS = ["1.2"]
SAYS = "in the order in which they were counted"


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    return sorted(counts, key=lambda word: counts[word], reverse=True)[:n]
