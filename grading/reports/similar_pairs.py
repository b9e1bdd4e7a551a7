"""Similar pairs as a page, with both sides next to each other, and as a table."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, pairwise

from grading.manifest import Course
from grading.reports.feedback import page, table
from grading.reports.similarity import LEAST, MANY, MANY_SHARE, Pair, Side, Text

MOST_SHOWN = 200  # pairs on the page
AROUND = 2  # lines shown above and below what is shared
COLUMNS = (
    *("part", "first", "second"),
    *("of_first_in_second", "of_second_in_first", "shared_tokens"),
)
BETWEEN = re.compile(r"[\s(),\\]*")  # what may be marked between two tokens


@dataclass(frozen=True)
class Line:
    """A line of a text, in pieces that are marked or not; or how many lines are left out."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    left_out: int = 0


def lines(side: Side) -> list[Line]:
    """What a text shares with the other one, and `AROUND` lines above and below."""
    content, lines = side.text.content, side.text.content.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    cuts: list[list[tuple[int, int]]] = [[] for _ in lines]
    for start, end in _marks(side):
        for at in range(bisect(starts, start) - 1, bisect(starts, end - 1)):
            code = starts[at + 1] - 1 - len(lines[at].lstrip())  # indentation is not marked
            if code < (last := min(end, starts[at + 1] - 1)):
                cuts[at].append((max(start, code), last))
    near = {
        at + step for at, marks in enumerate(cuts) if marks for step in range(-AROUND, AROUND + 1)
    }
    found: list[Line] = []
    for seen, group in groupby(range(len(lines)), near.__contains__):
        of_group = list(group)
        if not seen:
            found.append(Line(of_group[0] + 1, (), len(of_group)))
            continue
        for at in of_group:
            edges = [starts[at], *chain.from_iterable(cuts[at]), starts[at + 1] - 1]
            pieces = [(content[a:b], bool(n % 2)) for n, (a, b) in enumerate(pairwise(edges))]
            found.append(Line(at + 1, tuple(piece for piece in pieces if piece[0])))
    return found


def _marks(side: Side) -> list[tuple[int, int]]:
    """Where what is shared begins and ends in the content, without comments in between."""
    content, places = side.text.content, side.text.places
    marks: list[tuple[int, int]] = []
    for first, last in side.runs:
        for at, (start, end) in enumerate(places[first:last]):
            if marks and at and BETWEEN.fullmatch(content, marks[-1][1], start):
                marks[-1] = (marks[-1][0], end)
            else:
                marks.append((start, end))
    return marks


def similarity_csv(found: Iterable[Pair]) -> str:
    """One line per pair."""
    rows = [
        (
            pair.part,
            *(side.text.student_id for side in pair.sides),
            *(f"{side.similarity:.3f}" for side in pair.sides),
            pair.shared,
        )
        for pair in found
    ]
    return table([COLUMNS, *rows])


def similarity_html(
    course: Course,
    compared: Sequence[Text],
    found: Sequence[Pair],
    left_out: Sequence[tuple[str, str]],
    threshold: float,
) -> str:
    """The page with both sides of each pair, self-contained.

    Args:
        left_out: students and why a text of theirs was not compared.
    """
    return page(
        "similarity.html.j2",
        course=course,
        found=found,
        shown=sorted(found, key=lambda pair: (-pair.similarity, -pair.shared))[:MOST_SHOWN],
        lines=lines,
        numbers=Counter(text.part for text in compared),
        left_out=left_out,
        threshold=threshold,
        least=LEAST,
        many=MANY,
        many_share=MANY_SHARE,
        with_reference=course.solutions.is_dir(),
    )
