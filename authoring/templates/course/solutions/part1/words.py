"""Part 1 – Counting Words."""

PUNCTUATION = ".,;:!?"


def count_words(text: str) -> dict[str, int]:
    """How often each word of a text occurs, by the word in lower case."""
    # TODO 1.1: count the words in lower case, without punctuation at either end (about 6 lines)
    # BEGIN SOLUTION 1.1
    counts: dict[str, int] = {}
    for piece in text.lower().split():
        word = piece.strip(PUNCTUATION)
        if word:
            counts[word] = counts.get(word, 0) + 1
    return counts
    # END SOLUTION 1.1


def most_frequent(counts: dict[str, int], n: int) -> list[str]:
    """The `n` words with the largest counts, the largest first; ties in alphabetical order."""
    # TODO 1.2: sort the words by count, then by alphabet; keep the first n (about 2 lines)
    # BEGIN SOLUTION 1.2
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return ranked[:n]
    # END SOLUTION 1.2
