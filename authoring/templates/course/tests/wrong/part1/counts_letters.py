"""A loop over a text is a loop over its letters."""

from solutions.part1.words import *

FAILS = ["1.1"]
SAYS = "letters are counted"


def count_words(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.lower():
        counts[word] = counts.get(word, 0) + 1
    return counts
