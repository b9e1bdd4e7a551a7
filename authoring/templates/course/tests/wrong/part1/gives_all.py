"""Everything is sorted, and `n` is forgotten."""

from solutions.part1.words import *

FAILS = ["1.2"]
SAYS = "all words, however many are asked for"


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))
