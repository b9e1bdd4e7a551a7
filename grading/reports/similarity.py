"""How similar the submissions of a class are, part by part, with copydetect's fingerprints.

Two texts are compared by the sequences of `LENGTH` tokens that they share. What a copier changes
first does not count: names of variables, comments, docstrings, imports, layout, parentheses, and
the order of functions. Neither does what is in the stub, in the handed-out notebook or in the
reference solution, nor what many students wrote.

The numbers below were set on honest classes, of which no pair is listed, and on copies:

- The right submissions in `tests/right`, each of which solves its tasks in another way: the most
  similar ones reach 0.54 (parts 1 to 7: 0.35, none, 0.40, 0.40, none, none, 0.54).
- Their own copies, renamed, reordered and reformatted, reach 0.92 (0.92, 0.94, 0.94, 0.98, 0.93,
  0.92, 0.97).
- Classes of 20 and of 60 who write the reference with common variations, each of which a student
  chooses with a chance of 15, 30 or 50 %: no pair. In a class of 8, up to 4 of 28 pairs.

`tests/reports/test_similarity.py` holds the first two, and a class of 20.
"""

import builtins
import io
import keyword
import re
import tokenize
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, replace
from itertools import accumulate, chain, combinations, groupby

import copydetect
from copydetect.utils import get_token_coverage

from grading.batch.submissions import Submission
from grading.checks.notebook import NotANotebook, cells_of
from grading.manifest import PRISTINE, Course, Part

THRESHOLD = 0.75
LENGTH = 10  # tokens of a sequence
LEAST = 80  # tokens that two texts must share: about eight lines; fewer can be chance
MANY, MANY_SHARE = 5, 0.1  # students, the larger of the two: more than these wrote it: it is common
MOST_CHARACTERS = 200_000  # of one text; the stubs have up to 15,000
LONGEST_LINE = 2_000  # characters: the time that Python's tokenizer takes grows with their square

# Builtins stay as they are, since whoever renames them changes what the code does.
KEPT = {*keyword.kwlist, *dir(builtins), "self"}
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(frozen=True)
class Text:
    """What a student handed in for a part.

    Attributes:
        name: of the module or the notebook.
        places: where each token that counts begins and ends in `content`.
        fingerprint: of these tokens, without those of the stub and the reference.
    """

    student_id: str
    part: int
    name: str
    content: str
    places: tuple[tuple[int, int], ...]
    fingerprint: copydetect.CodeFingerprint


@dataclass(frozen=True)
class Side:
    """One of two similar texts.

    Attributes:
        similarity: the share of its own tokens that the other one has as well, from 0 to 1.
        runs: where what they share begins and ends among its tokens.
    """

    text: Text
    similarity: float
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pair:
    """Two similar texts. `shared` is the number of tokens that they share."""

    part: int
    sides: tuple[Side, Side]
    shared: int

    @property
    def similarity(self) -> float:
        """The higher one: a text that was copied into a longer one is still a copy."""
        return max(side.similarity for side in self.sides)


# From submissions to texts


def given(course: Course) -> dict[int, set[int]]:
    """By part: the sequences in the stub, in the notebook, and in the reference if it is there."""
    return {part.number: _given(course, part) for part in course.parts}


def _given(course: Course, part: Part) -> set[int]:
    stub, solution = course.root / PRISTINE / part.path, course.solutions / part.path
    sequences: set[int] = set()
    for path in (stub, course.exercises / part.notebook, solution):
        if path.is_file():
            _, symbols = _symbols(_content(path.name, path.read_bytes()))
            sequences |= _fingerprint(symbols, set()).hashes
    return sequences


def texts(
    course: Course, given: Mapping[int, set[int]], submission: Submission
) -> tuple[list[Text], list[str]]:
    """The texts with anything that was not given, and why others were left out."""
    found, left_out = [], []
    for part in course.parts:
        for path in (part.path, part.notebook):
            if path not in submission.files:
                continue
            try:
                content = _content(path.name, submission.files[path])
            except (NotANotebook, ValueError) as error:
                left_out.append(f"{path.name} {error}")
                continue
            places, symbols = _symbols(content)
            made = _fingerprint(symbols, given[part.number])
            if made.hashes:
                student = submission.student_id
                found.append(Text(student, part.number, path.name, content, places, made))
    return found, left_out


def _content(name: str, content: bytes) -> str:
    """The text of a module, or of a notebook's code cells.

    Raises:
        NotANotebook: it is none.
        ValueError: it is too long, or a line of it is.
    """
    if name.endswith(".ipynb"):
        text = "\n\n".join(cell.source for cell in cells_of(content)) + "\n"
    else:
        text = content.decode("utf-8-sig", errors="replace")
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"is longer than {MOST_CHARACTERS:,} characters")
    text = re.sub(r"\r\n?", "\n", text)
    if max(map(len, text.split("\n"))) > LONGEST_LINE:
        raise ValueError(f"has a line of more than {LONGEST_LINE:,} characters")
    return text


def _symbols(text: str) -> tuple[tuple[tuple[int, int], ...], str]:
    """Where each token that counts is, and one character for each, the same for the same token."""
    found = list(_words(text))
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def at(position: tuple[int, int]) -> int:
        return starts[position[0] - 1] + position[1]

    places = tuple((at(token.start), at(token.end)) for _, token in found)
    words = (word.encode(errors="replace") for word, _ in found)
    return places, "".join(chr(zlib.crc32(word) % 0x110000) for word in words)


def _words(text: str) -> Iterator[tuple[str, tokenize.TokenInfo]]:
    """The tokens that count, each with a word for it, up to the first that is not Python."""
    line: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                yield from _words_of(line)
                line = []
            elif token.type not in LAYOUT:
                line.append(token)
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    yield from _words_of(line)


def _words_of(line: Sequence[tokenize.TokenInfo]) -> Iterator[tuple[str, tokenize.TokenInfo]]:
    """The same for one logical line: nothing of an import or a docstring."""
    if not line or line[0].string in ("import", "from"):
        return
    if all(_is_string(token) for token in line):
        return
    for at, token in enumerate(line):
        word = token.string
        owner, before = (line[place].string if place >= 0 else "" for place in (at - 2, at - 1))
        after = line[at + 1].string if at + 1 < len(line) else ""
        if word in ("(", ")") or (word == "," and after in (")", "]", "}")):
            continue
        if _is_string(token):
            if at and _is_string(line[at - 1]):
                continue
            word = '""'
        elif token.type == tokenize.NAME and word not in KEPT:
            of_a_library = before == "." and owner != "self"
            word = word if of_a_library else "name"
        yield word, token


def _is_string(token: tokenize.TokenInfo) -> bool:
    """From Python 3.12 on, an f-string is several tokens."""
    return tokenize.tok_name[token.type] in ("STRING", "FSTRING_START", "FSTRING_MIDDLE")


def _fingerprint(symbols: str, given: set[int]) -> copydetect.CodeFingerprint:
    """copydetect's fingerprint of all sequences that were not given.

    Its window is 1, which keeps every sequence: tasks are short, and a selection would depend on
    Python's random hashes. Its argument `boilerplate` is not used because it also drops sequences
    that a text repeats.
    """
    made = copydetect.CodeFingerprint("", LENGTH, 1, filter=False, fp=io.StringIO(symbols))
    return _without(made, given)


def _without(
    fingerprint: copydetect.CodeFingerprint, sequences: Set[int]
) -> copydetect.CodeFingerprint:
    left = copy(fingerprint)
    left.hashes = fingerprint.hashes - sequences
    left.hash_idx = {hashed: fingerprint.hash_idx[hashed] for hashed in left.hashes}
    left.token_coverage = get_token_coverage(left.hash_idx, LENGTH, len(fingerprint.filtered_code))
    return left


# From texts to pairs


def uncommon(found: Iterable[Text]) -> list[Text]:
    """The texts without the sequences that many students wrote; those with less than `LEAST`
    tokens left are dropped."""
    left = []
    for of_part in _by_part(found):
        students = Counter(chain.from_iterable(text.fingerprint.hashes for text in of_part))
        many = max(MANY, MANY_SHARE * len(of_part))
        common = {hashed for hashed, count in students.items() if count > many}
        for text in of_part:
            fingerprint = _without(text.fingerprint, common)
            if fingerprint.token_coverage >= LEAST:
                left.append(replace(text, fingerprint=fingerprint))
    return left


def candidates(found: Iterable[Text]) -> list[tuple[Text, Text]]:
    """All pairs of texts of one part by two students."""
    return [pair for of_part in _by_part(found) for pair in combinations(of_part, 2)]


def _by_part(found: Iterable[Text]) -> list[list[Text]]:
    in_order = sorted(found, key=lambda text: (text.part, text.student_id))
    return [list(of_part) for _, of_part in groupby(in_order, key=lambda text: text.part)]


def pairs(compared: Iterable[tuple[Text, Text]], threshold: float) -> list[Pair]:
    """Those that share at least `LEAST` tokens, and of which one has at least the share
    `threshold` in common with the other: by part, the most similar first."""
    found = [
        pair
        for first, second in compared
        if (pair := compare(first, second)).shared >= LEAST and pair.similarity >= threshold
    ]
    return sorted(found, key=lambda pair: (pair.part, -pair.similarity, -pair.shared))


def compare(first: Text, second: Text) -> Pair:
    both = (first, second)
    if first.fingerprint.hashes.isdisjoint(second.fingerprint.hashes):
        return Pair(first.part, (Side(first, 0.0, ()), Side(second, 0.0, ())), 0)
    _, similarities, slices = copydetect.compare_files(first.fingerprint, second.fingerprint)
    sides = [
        Side(text, float(similarity), tuple((int(a), int(b)) for a, b in ranges.T))
        for text, similarity, ranges in zip(both, similarities, slices, strict=True)
    ]
    shared = min(sum(end - start for start, end in side.runs) for side in sides)
    return Pair(first.part, (sides[0], sides[1]), shared)
