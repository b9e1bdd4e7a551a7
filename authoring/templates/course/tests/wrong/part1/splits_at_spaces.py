"""`split(" ")` reads like "split at white space", and is right for most lines."""

from solutions.part1.words import *

FAILS = ["1.1"]
SAYS = "a line break does not end a word"


def count_words(text: str) -> dict[str, int]:
    words = [piece.strip(PUNCTUATION) for piece in text.lower().split(" ")]
    return {word: words.count(word) for word in words if word}
