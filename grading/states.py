"""The states in which a check can end, and how they are shown everywhere."""

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "passed",
    "wrong",
    "crashed",
    "timeout",
    "memory",
    "malformed",
    "not_started",
    "missing",
    "blocked",
    "broken",
]


@dataclass(frozen=True)
class Shown:
    """How a state is shown.

    Attributes:
        word: in reports and exports; in capitals in `pytest -v`.
        mark: in front of a task.
        letter: in pytest's row of results.
        colour: of the mark, at a terminal and in a notebook.
    """

    word: str
    mark: str
    letter: str
    colour: str


SHOWN: dict[str, Shown] = {  # in the order of the overview's columns
    "passed": Shown("passed", "✓", ".", "green"),
    "wrong": Shown("wrong", "✗", "F", "red"),
    "crashed": Shown("crashed", "✗", "F", "red"),
    "not_started": Shown("not started", "·", "-", "yellow"),
    "missing": Shown("missing", "✗", "F", "red"),
    "blocked": Shown("not checked yet", "·", "-", "yellow"),
    "timeout": Shown("took too long", "✗", "T", "red"),
    "memory": Shown("took too much memory", "✗", "F", "red"),
    "malformed": Shown("unreadable result", "✗", "F", "red"),
    "broken": Shown("check at fault", "·", "E", "red"),
}
# Nothing of the task's own code ran.
NOT_STARTED: tuple[State, ...] = ("not_started", "blocked")
# The states that the process running the student's code can report: no evidence came of it.
REPORTED: tuple[State, ...] = ("not_started", "missing", "crashed", "timeout", "memory")
