"""Which checks a wrong submission can affect: those that run something which it defines itself.

It imports the solution and overrides what it gets wrong. The checks of all other tasks would run
the solution again, with the same result.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from grading.checks.runner import load_module
from grading.feedback.results import Outcome
from grading.feedback.run import Checks
from grading.manifest import Course, Part

Uses = Mapping[str, frozenset[str]]  # task → functions and classes of the solution


def run_on_solution(course: Course, part: Part, checks: Checks) -> tuple[list[Outcome], Uses]:
    """The outcomes of a part's checks on the solution, and what of it those of each task run.

    RuntimeError if those of one run nothing of it: no wrong submission would then count for it.
    """
    file = course.solutions / part.path
    load_module(file)  # what runs meanwhile cannot be overridden
    outcomes: list[Outcome] = []
    uses = {}
    for task in part.tasks:
        with _calls_noted(file) as names:
            outcomes += checks.run(part, course.solutions, tasks=[task.id])
        if not names:
            raise RuntimeError(f"the checks of {task.id} run nothing of {file}")
        uses[task.id] = frozenset(names)
    return outcomes, uses


@contextmanager
def _calls_noted(file: Path) -> Iterator[set[str]]:
    """Collects the functions and classes of `file` that are called meanwhile."""
    names = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename == str(file):
            names.add(frame.f_code.co_qualname.partition(".")[0])

    sys.setprofile(note)
    try:
        yield names
    finally:
        sys.setprofile(None)


def affected(part: Part, path: Path, fails: Iterable[str], by_task: Uses) -> tuple[str, ...]:
    """The tasks of the part whose checks a wrong submission can affect, and those in `fails`."""
    own = _defined(path, f"{path.parent.name}.{Path(part.module).stem}")
    tasks = tuple(task.id for task in part.tasks)
    if own is None:
        return tasks
    return tuple(task for task in tasks if task in fails or by_task[task] & own)


def _defined(path: Path, solution: str) -> frozenset[str] | None:
    """What the file defines; None where it does more than to override a solution's names."""
    names, overrides = set(), False
    for node in ast.parse(path.read_bytes()).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                overrides = (node.module or "").endswith(solution)
            case ast.Import() | ast.ImportFrom():
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name(id="FAILS" | "SAYS")]):
                pass
            case _:
                return None
    return frozenset(names) if overrides else None
