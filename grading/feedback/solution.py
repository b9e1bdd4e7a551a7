"""`course solution`: the reference next to a student's own code, once the task has passed."""

import ast
import base64
import json
import re
import textwrap

from rich.console import Console, Group
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from grading.checks.notebook import NotANotebook, cells_of, source_of
from grading.checks.points import points_by_task
from grading.feedback.progress import load
from grading.feedback.reset import spans
from grading.manifest import HANDED_OUT, PRISTINE, Course, Part, Task

MARKER = re.compile(r"^ *# (TODO|[A-Z]+ SOLUTION) \d.*\n", re.MULTILINE)
SIDE_BY_SIDE = 160  # columns of a terminal from which both fit


class NoSolution(Exception):
    """There is nothing to show; the message says why and what to do."""


def show_solution(console: Console, course: Course, task: Task) -> None:
    """Print the task's functions in the reference and as the student wrote them, and what to
    compare.

    Raises:
        NoSolution: the task has not passed, or this copy of the course has no solutions.
    """
    part = course.part(task.part)
    reference = _reference(course, part)
    if reference is None:
        raise NoSolution("this copy of the course has no solutions; ask whoever handed it out")
    score, worth = load(course.root).points.get(task.id, 0), points_by_task(course)[task.id]
    if score < worth:
        raise NoSolution(
            f"{task.id} {task.title} has not passed yet: {score} of {worth} points when last "
            f"checked\ncheck it with: course check {task.id}   a hint: course hint {task.id}"
        )
    texts = {"the reference": reference, "yours": _own(course, part)}
    panes = [Syntax(functions(text, task), "python", word_wrap=True) for text in texts.values()]
    console.print(Text(f"{task.id} {task.title}\n", style="bold"))
    if console.width >= SIDE_BY_SIDE:
        table = Table(*texts, expand=True, box=None, padding=(0, 2, 0, 0))
        table.add_row(*panes)
        console.print(table)
    else:
        for name, pane in zip(texts, panes, strict=True):
            console.print(Group(Text(name, style="bold"), pane, ""))
    if task.compare:
        console.print(f"compare  {task.compare}")


def functions(source: str, task: Task) -> str:
    """The task's functions and methods in a module, without docstrings and the course's markers."""
    lines, found = source.split("\n"), spans(source)
    blocks = [
        _without_docstring(textwrap.dedent("\n".join(lines[slice(*found[name])])))
        for name in task.symbols
        if name in found
    ]
    return MARKER.sub("", "\n\n".join(blocks)) or f"# no {' or '.join(task.symbols)} here"


def _without_docstring(function: str) -> str:
    lines, node = function.split("\n"), ast.parse(function).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
    return "\n".join(lines)


def handed_out(course: Course) -> bytes:
    """The content of `HANDED_OUT`: each part's solution."""
    solutions = (
        (part.folder, (course.solutions / part.path).read_bytes()) for part in course.parts
    )
    texts = {folder: base64.b85encode(text).decode() for folder, text in solutions}
    return (json.dumps(texts, indent=1) + "\n").encode()


def _reference(course: Course, part: Part) -> str | None:
    if (path := course.solutions / part.path).is_file():
        return path.read_text(encoding="utf-8")
    if (path := course.root / HANDED_OUT).is_file():
        return base64.b85decode(json.loads(path.read_text(encoding="utf-8"))[part.folder]).decode()
    return None


def _own(course: Course, part: Part) -> str:
    """The student's module, or the notebook where the module is untouched.

    Raises:
        NoSolution: it cannot be read.
    """
    path, notebook = course.exercises / part.path, course.exercises / part.notebook
    try:
        text = path.read_text(encoding="utf-8-sig")
        if notebook.is_file() and text == (course.root / PRISTINE / part.path).read_text("utf-8"):
            return source_of(cells_of(notebook.read_bytes())).text
        spans(text)  # raises what is wrong with it
    except (SyntaxError, ValueError, NotANotebook) as error:
        raise NoSolution(f"{path} cannot be read: {error}") from None
    return text
