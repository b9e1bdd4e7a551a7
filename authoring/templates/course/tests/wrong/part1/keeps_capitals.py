"""Words are taken as they stand: a capital at the beginning of a sentence is easy to forget."""

from solutions.part1.words import *

FAILS = ["1.1"]
SAYS = "not put in lower case"


def count_words(text: str) -> dict[str, int]:
    words = [piece.strip(PUNCTUATION) for piece in text.split()]
    return {word: words.count(word) for word in words if word}
