"""Which checks a wrong submission can affect: those that run something which it defines itself.

It imports the solution and overrides what it gets wrong. The checks of all other tasks would run
the solution again, with the same result.
"""

import ast
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from grading.feedback.run import run_checks
from grading.forks import in_forks
from grading.manifest import Course, Part

TIME_LIMIT = 60.0  # seconds for the checks of one task while each call is noted

Uses = Mapping[str, frozenset[str]]  # task → functions and classes of the solution


def uses(course: Course, part: Part, workers: int) -> Uses:
    """What of the solution the checks of each task run; each task in a process of its own.

    RuntimeError if those of one run nothing of it: no wrong submission would then count for it.
    """
    found = {}
    tasks = [task.id for task in part.tasks]
    for task, names in in_forks(partial(_run_by, course, part), tasks, workers, TIME_LIMIT):
        if isinstance(names, Exception):
            raise names
        if not names:
            raise RuntimeError(
                f"the checks of {task} run nothing of {course.solutions / part.path}"
            )
        found[task] = names
    return found


def affected(part: Part, path: Path, fails: Iterable[str], by_task: Uses) -> tuple[str, ...]:
    """The tasks of the part whose checks a wrong submission can affect, and those in `fails`."""
    own = _defined(path, f"{path.parent.name}.{Path(part.module).stem}")
    tasks = tuple(task.id for task in part.tasks)
    if own is None:
        return tasks
    return tuple(task for task in tasks if task in fails or by_task[task] & own)


def _run_by(course: Course, part: Part, task: str) -> frozenset[str]:
    file = str(course.solutions / part.path)
    names = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename == file:
            names.add(frame.f_code.co_qualname.partition(".")[0])

    sys.setprofile(note)
    try:
        run_checks(course, part, course.solutions, tasks=[task])
    finally:
        sys.setprofile(None)
    return frozenset(names - {"<module>"})


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
