"""How many points there are, read from the `@task` marks without running a check."""

import ast
from collections import Counter
from pathlib import Path

from grading.manifest import Course


def points_by_task(course: Course) -> dict[str, int]:
    """The points of every task that has checks, over all parts."""
    points: Counter[str] = Counter()
    for part in course.parts:
        points.update(points_in(course.exercises / part.folder / f"test_{part.folder}.py"))
    return dict(points)


def points_in(path: Path) -> dict[str, int]:
    """The points per task of the checks in one file; none where there is no file."""
    points: Counter[str] = Counter()
    if not path.is_file():
        return {}
    functions = ast.parse(path.read_text(encoding="utf-8")).body
    for mark in (mark for node in functions for mark in getattr(node, "decorator_list", ())):
        match mark:
            case ast.Call(
                func=ast.Name(id="task"),
                args=[ast.Constant(value=str(task_id))],
                keywords=[ast.keyword(arg="points", value=ast.Constant(value=int(worth)))],
            ):
                points[task_id] += worth
    return dict(points)
