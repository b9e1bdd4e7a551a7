"""Loops all the way, with a pattern for the words."""

import re

WORD = re.compile(r"[^\s.,;:!?](?:\S*[^\s.,;:!?])?")


def count_words(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in WORD.findall(text.lower()):
        if word not in counts:
            counts[word] = 0
        counts[word] += 1
    return counts


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    left = dict(counts)
    found: list[str] = []
    while left and len(found) < n:
        best = max(left.values())
        word = min(word for word, count in left.items() if count == best)
        found.append(word)
        del left[word]
    return found
