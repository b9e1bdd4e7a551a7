"""Part 1 by hand, right or with a recognised mistake, and what each mistake would give."""

from collections import Counter
from typing import Any

PUNCTUATION = ".,;:!?"


def counted(text: str) -> dict[str, int]:
    """What 1.1 asks for."""
    return in_order(Counter(filter(None, map(stripped, text.lower().split()))))


def miscounts(text: str) -> dict[str, dict[str, int]]:
    lower = text.lower()
    found = {
        "letters are counted, not words": Counter(lower),
        "split at spaces only: a line break does not end a word": (
            Counter(filter(None, map(stripped, lower.split(" "))))
        ),
        "split at each single space, so two spaces make an empty word": (
            Counter(map(stripped, lower.split(" ")))
        ),
        "each word counts once, however often it occurs": dict.fromkeys(counted(text), 1),
        "capitals make another word: the text was not put in lower case": (
            Counter(filter(None, map(stripped, text.split())))
        ),
        "punctuation counts as a part of the word": Counter(lower.split()),
        "punctuation is taken off the end of a word, but not off its beginning": (
            Counter(filter(None, (piece.rstrip(PUNCTUATION) for piece in lower.split())))
        ),
        "pieces of nothing but punctuation are counted": Counter(map(stripped, lower.split())),
    }
    return {mistake: in_order(counts) for mistake, counts in found.items()}


def ranked(counts: dict[str, int], n: int) -> list[str]:
    """What 1.2 asks for."""
    return sorted(counts, key=lambda word: (-counts[word], word))[:n]


def misranked(counts: dict[str, int], n: int) -> dict[str, Any]:
    everything = ranked(counts, len(counts))
    backwards = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
    return {
        "all words, however many are asked for": everything,
        "words with their counts, not words alone": [
            [word, counts[word]] for word in everything[:n]
        ],
        "the rarest words come first": sorted(counts, key=lambda word: (counts[word], word))[:n],
        "in alphabetical order, whatever the counts": sorted(counts)[:n],
        "in the order in which they were counted: nothing was sorted": list(counts)[:n],
        "words with the same count are in the order in which they were counted": (
            sorted(counts, key=lambda word: -counts[word])[:n]
        ),
        "words with the same count are in reverse alphabetical order": backwards[:n],
    }


def in_order(counts: Any) -> Any:
    """Counts with their words in alphabetical order, so that two of them can be compared."""
    return dict(sorted(counts.items())) if isinstance(counts, dict) else counts


def stripped(piece: str) -> str:
    return piece.strip(PUNCTUATION)
