"""A Counter, and two sorts, the second of which keeps the order of the first."""

from collections import Counter

PUNCTUATION = ".,;:!?"


def count_words(text: str) -> Counter[str]:
    words = (piece.strip(PUNCTUATION) for piece in text.split())
    return Counter(word.lower() for word in words if word)


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    return [word for word, _ in Counter(dict(sorted(counts.items()))).most_common(n)]
