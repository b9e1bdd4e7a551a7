"""The checks of a part and their points, read from the `@task` marks without running one."""

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grading.manifest import Course


@dataclass(frozen=True)
class Check:
    """A check as it is written: the function's name, and what it requires in words."""

    name: str
    task: str
    points: int
    requirement: str


def points_by_task(course: Course) -> dict[str, int]:
    """The points of every task that has checks, over all parts."""
    points: Counter[str] = Counter()
    for part in course.parts:
        points.update(points_in(course.exercises / part.folder / f"test_{part.folder}.py"))
    return dict(points)


def points_in(path: Path) -> dict[str, int]:
    """The points per task of the checks in one file; none where there is no file."""
    points: Counter[str] = Counter()
    for check in checks_in(path):
        points[check.task] += check.points
    return dict(points)


def checks_in(path: Path) -> list[Check]:
    """The checks in one file, in order; none where there is no file."""
    if not path.is_file():
        return []
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            match mark:
                case ast.Call(
                    func=ast.Name(id="task"),
                    args=[ast.Constant(value=str(task_id))],
                    keywords=[ast.keyword(arg="points", value=ast.Constant(value=int(worth)))],
                ):
                    requirement = " ".join((ast.get_docstring(node) or node.name).split())
                    found.append(Check(node.name, task_id, worth, requirement))
    return found
