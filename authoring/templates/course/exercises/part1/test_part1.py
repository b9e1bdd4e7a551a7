"""Part 1: the counts of words, and the most frequent ones."""

import numpy as np

from exercises.part1 import mistakes, probes
from grading.checks import Student, expect, task

WORDS = "boat cloud down gently home merrily river row stone stream wind".split()


# 1.1 count_words


@task("1.1", points=20)
def test_each_word_is_counted(student: Student, rng: np.random.Generator) -> None:
    """Words are counted, whatever white space is between them; without words there are none."""
    first, second, *others = drawn(rng, 5)
    for text in (f"{first}  {second}\n{first} {' '.join(others)}\n", ""):
        expect_counts(student, text)


@task("1.1", points=20)
def test_capitals_do_not_matter(student: Student, rng: np.random.Generator) -> None:
    """A word with capitals is the same word."""
    first, second, third = drawn(rng, 3)
    expect_counts(student, f"{first.title()} {second} {third.upper()} {first} {second} {third}")


@task("1.1", points=20)
def test_punctuation_is_no_part_of_a_word(student: Student, rng: np.random.Generator) -> None:
    """Punctuation at either end is left out, and an apostrophe within a word stays."""
    first, second, third = drawn(rng, 3)
    expect_counts(student, f"{first}, {second} ... {first}! don't {third}; :{second}?! {third}")


def expect_counts(student: Student, text: str) -> None:
    counts = student.run(probes.count_words, text=text)
    expect(mistakes.in_order(counts), "the counts").equals(
        mistakes.counted(text), looks_like=mistakes.miscounts(text)
    )


# 1.2 most_frequent


@task("1.2", points=20)
def test_the_most_frequent_come_first(student: Student, rng: np.random.Generator) -> None:
    """The n words with the largest counts, the largest first."""
    a, b, c, d, e = sorted(drawn(rng, 5))
    few, some, more, many, most = np.cumsum(rng.integers(1, 5, size=5)).tolist()
    counts = {d: some, a: more, e: many, b: few, c: most}
    for n in (3, 9):
        expect_ranking(student, counts, n)


@task("1.2", points=20)
def test_ties_are_in_alphabetical_order(student: Student, rng: np.random.Generator) -> None:
    """Of words with the same count, the first in alphabetical order comes first."""
    a, b, c, d = sorted(drawn(rng, 4))
    tied = int(rng.integers(2, 9))
    expect_ranking(student, {c: tied, d: tied + 1, a: tied, b: tied}, n=4)


def expect_ranking(student: Student, counts: dict[str, int], n: int) -> None:
    words = student.run(probes.most_frequent, counts=counts, n=n)
    expect(words, "the words").equals(
        mistakes.ranked(counts, n), looks_like=mistakes.misranked(counts, n)
    )


def drawn(rng: np.random.Generator, n: int) -> list[str]:
    """Some different words."""
    return rng.choice(WORDS, size=n, replace=False).tolist()
