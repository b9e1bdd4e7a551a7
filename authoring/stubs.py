"""Solutions → stubs.

A region between `# BEGIN SOLUTION 3.2` and `# END SOLUTION 3.2` becomes one line that raises
NotImplementedError with the text of the `# TODO 3.2: …` above it. A task may have several regions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.manifest import PRISTINE, Course, Part

MARKER = re.compile(r"^(?P<indent>\s*)# (?P<kind>BEGIN|END) SOLUTION (?P<task>\S+)\s*$")
ALMOST_A_MARKER = re.compile(r"#\s*(BEGIN|END)\W*SOLUTION", re.IGNORECASE)
TODO = re.compile(r"^\s*# (?P<text>TODO (?P<task>\S+?): \S.*?)\s*$")


WIDTH = 100  # of a line of code


class MarkerError(Exception):
    """A solution's markers are wrong; the message names the file, the line and the fix."""


@dataclass(frozen=True)
class Region:
    """A task's lines in a solution; `begin` and `end` are the markers' line numbers, from 0."""

    task: str
    begin: int
    end: int
    todo: str
    indent: str


def regions(source: str, name: str) -> list[Region]:
    """The regions of a solution, in order.

    Raises:
        MarkerError: nested, unclosed or mismatched markers, or a region without its TODO.
    """
    found: list[Region] = []
    opened: tuple[str, int, str] | None = None
    lines = source.splitlines()
    for number, line in enumerate(lines):
        marker = MARKER.match(line)
        if marker is None:
            if ALMOST_A_MARKER.search(line):
                raise MarkerError(
                    f"{name}, line {number + 1}: write a marker as '# BEGIN SOLUTION 3.2', on its "
                    f"own line; got {line.strip()!r}"
                )
            continue
        task = marker["task"]
        if marker["kind"] == "BEGIN":
            if opened is not None:
                raise MarkerError(
                    f"{name}, line {number + 1}: BEGIN SOLUTION {task} is inside {opened[0]}; "
                    f"close {opened[0]} first"
                )
            opened = task, number, marker["indent"]
            continue
        if opened is None:
            raise MarkerError(f"{name}, line {number + 1}: END SOLUTION {task} without a BEGIN")
        if task != opened[0]:
            raise MarkerError(
                f"{name}, line {number + 1}: END SOLUTION {task} closes {opened[0]}; "
                "use the same number"
            )
        todo = TODO.match(lines[opened[1] - 1]) if opened[1] else None
        if todo is None or todo["task"] != task:
            raise MarkerError(
                f"{name}, line {opened[1] + 1}: write '# TODO {task}: what to do' in the line "
                f"above BEGIN SOLUTION {task}"
            )
        region = Region(task, opened[1], number, todo["text"], opened[2])
        if (excess := max(len(line) for line in _raise(region)) - WIDTH) > 0:
            raise MarkerError(
                f"{name}, line {opened[1]}: TODO {task} makes a line of the stub too long; "
                f"make it shorter by {excess} characters"
            )
        found.append(region)
        opened = None
    if opened is not None:
        raise MarkerError(f"{name}, line {opened[1] + 1}: BEGIN SOLUTION {opened[0]} has no END")
    return found


def stub(source: str, name: str) -> str:
    """The text of the stub for the text of a solution."""
    lines = source.splitlines()
    for region in reversed(regions(source, name)):
        lines[region.begin : region.end + 1] = _raise(region)
    return "\n".join(lines) + "\n"


def _raise(region: Region) -> list[str]:
    """The lines that replace a region in the stub."""
    text = region.todo.replace("\\", "\\\\").replace('"', '\\"')
    one_line = f'{region.indent}raise NotImplementedError("{text}")'
    if len(one_line) <= WIDTH:
        return [one_line]
    return [
        f"{region.indent}raise NotImplementedError(",
        f'{region.indent}    "{text}"',
        f"{region.indent})",
    ]


def read_solution(course: Course, part: Part) -> tuple[str, str]:
    """The text of a part's solution, and its path for messages.

    Raises:
        MarkerError: there is no such file.
    """
    name = f"solutions/{part.path.as_posix()}"
    try:
        return (course.solutions / part.path).read_text(encoding="utf-8"), name
    except FileNotFoundError:
        raise MarkerError(
            f"{name} does not exist; write it, or name another module of part {part.number} in "
            "exercises/course.toml"
        ) from None


def stub_files(course: Course) -> Iterator[tuple[Path, str]]:
    """Every stub to write: its path from the course folder, and its text."""
    for part in course.parts:
        text = stub(*read_solution(course, part))
        yield Path("exercises") / part.path, text
        yield PRISTINE / part.path, text
