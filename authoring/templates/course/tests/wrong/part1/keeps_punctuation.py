"""The pieces of `split` look like words, until one ends a sentence."""

from solutions.part1.words import *

FAILS = ["1.1"]
SAYS = "punctuation counts as a part of the word"


def count_words(text: str) -> dict[str, int]:
    words = text.lower().split()
    return {word: words.count(word) for word in words}
