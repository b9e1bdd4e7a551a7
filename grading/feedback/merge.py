"""Merge a student's module with a new version of its stub, function by function.

A function whose stub is unchanged stays as the student has it. Where the stub changed, the new one
is taken if the student has not touched the function; if they have, theirs stays and is reported.
The lines around the functions (imports, constants, the heads of classes) are merged line by line.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from grading.feedback.reset import spans

MARK = "\0"  # begins the line that stands for a function; no Python file contains it


class CannotMerge(Exception):
    """The three versions are too different; the message is the end of a sentence."""


@dataclass(frozen=True)
class Merged:
    """A merged module, and what became of the functions whose stubs changed.

    Attributes:
        text: the module.
        taken: functions that are now as in the new stub.
        added: functions that only the new stub had.
        kept: functions that the student changed too and that stay so, or that they removed.
        dropped: functions that the course no longer has and the student has changed; they stay.
        around: whether both changed the same lines around the functions; the student's stay.
    """

    text: str
    taken: tuple[str, ...]
    added: tuple[str, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    around: bool


@dataclass(frozen=True)
class _Module:
    frame: list[str]  # its lines, with one mark in place of each function
    functions: dict[str, str]


def merge(base: str, mine: str, new: str) -> Merged:
    """Merge the student's module (`mine`) with the old stub (`base`) and the new one.

    Raises:
        SyntaxError, ValueError: one of them cannot be read as Python.
        CannotMerge: the result would not be whole.
    """
    old, own, ours = _module(base), _module(mine), _module(new)
    dropped = [
        name
        for name in old.functions.keys() - ours.functions.keys()
        if not _same(own.functions.get(name), old.functions[name]) and name in own.functions
    ]
    # a mark of its own, so that the student's function does not go when the stub's does
    own_frame = [
        line + MARK if line in {MARK + one for one in dropped} else line for line in own.frame
    ]
    frame, around = _merged_lines(old.frame, own_frame, ours.frame)
    lines: list[str] = []
    chosen: dict[str, str] = {}
    for line in frame:
        if not line.startswith(MARK):
            lines.append(line)
        elif (name := line.strip(MARK)) not in chosen:
            chosen[name] = _chosen(name, old, own, ours)
            lines.append(chosen[name])
    text = "\n".join(lines).rstrip("\n") + "\n"
    _require_whole(text, chosen, old, own, ours)
    changed = [
        name
        for name, function in ours.functions.items()
        if not _same(function, old.functions.get(name))
        and not _same(function, own.functions.get(name))
    ]
    added = [name for name in changed if name not in old.functions and name not in own.functions]
    taken = [
        name for name in changed if name not in added and chosen.get(name) == ours.functions[name]
    ]
    return Merged(
        text,
        tuple(taken),
        tuple(added),
        tuple(name for name in changed if name not in {*added, *taken}),
        tuple(sorted(dropped)),
        around,
    )


def _module(source: str) -> _Module:
    lines = source.split("\n")
    found = sorted(spans(source).items(), key=lambda item: item[1])
    functions = {name: "\n".join(lines[first:last]) for name, (first, last) in found}
    for name, (first, last) in reversed(found):
        lines[first:last] = [MARK + name]
    return _Module(lines, functions)


def _chosen(name: str, old: _Module, own: _Module, ours: _Module) -> str:
    base, mine, new = (one.functions.get(name) for one in (old, own, ours))
    if mine is not None and (new is None or not _same(mine, base)):
        return mine
    assert new is not None  # a mark comes from a frame that has the function
    return new


def _same(first: str | None, second: str | None) -> bool:
    """Whether two functions are equal but for white space at the ends of lines."""
    if first is None or second is None:
        return first is second
    return [line.rstrip() for line in first.split("\n")] == [
        line.rstrip() for line in second.split("\n")
    ]


def _merged_lines(base: list[str], mine: list[str], new: list[str]) -> tuple[list[str], bool]:
    """A three-way merge, and whether both changed the same lines; then `mine` stays.

    What both insert at one place comes one after the other; a function that is new comes in
    anywhere.
    """
    merged: list[str] = []
    conflict = False
    begin = (0, 0, 0)
    for in_base, in_mine, in_new, length in _in_all(base, mine, new):
        old = base[begin[0] : in_base]
        own, ours = mine[begin[1] : in_mine], new[begin[2] : in_new]
        if own == old:
            merged += ours
        elif ours in (old, own):
            merged += own
        else:
            more = [line for line in ours if line.strip() and line not in {*old, *own}]
            functions = [line for line in more if line.startswith(MARK)]
            others = [line for line in more if not line.startswith(MARK)]
            clash = bool(others) and any(line.strip() for line in old)
            merged += own + ([] if clash else others)
            for line in functions:
                merged += [""] * (1 if "." in line else 2) + [line]
            conflict = conflict or clash
        merged += base[in_base : in_base + length]
        begin = in_base + length, in_mine + length, in_new + length
    return merged, conflict


def _in_all(base: list[str], mine: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Runs of lines that all three share: where they begin in each, and how many they are; at the
    end an empty one."""
    first, second = (
        SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
        for other in (mine, new)
    )
    runs = [
        (begin, one.b + begin - one.a, two.b + begin - two.a, end - begin)
        for one in first
        for two in second
        if (begin := max(one.a, two.a)) < (end := min(one.a + one.size, two.a + two.size))
    ]
    return [*runs, (len(base), len(mine), len(new), 0)]


def _require_whole(
    text: str, chosen: dict[str, str], old: _Module, own: _Module, ours: _Module
) -> None:
    """Raise CannotMerge unless the text is Python that has all that it should."""
    try:
        functions = _module(text).functions
    except SyntaxError as error:
        raise CannotMerge(f"would not be valid Python ({error.msg})") from None
    wanted = own.functions.keys() - (old.functions.keys() - ours.functions.keys())
    wanted |= ours.functions.keys() - old.functions.keys()
    for name in sorted(wanted | chosen.keys()):
        if functions.get(name) != chosen.get(name, ""):
            raise CannotMerge(f"would lack {name}")
