"""`course reset`: put a task's stub back, and keep what stood there."""

import ast
from pathlib import Path

from grading.backup import keep_copy
from grading.manifest import PRISTINE, Course, Part, Task


class ResetError(Exception):
    """The task cannot be reset by itself; the message says why and what to do."""


def reset_part(course: Course, part: Part) -> Path | None:
    """Put the whole stub of a part back; returns where the old version is kept.

    Raises:
        ResetError: there is no untouched copy of the stub.
    """
    return _replace(course, part, _pristine(course, part))


def reset_task(course: Course, task: Task) -> Path | None:
    """Put the functions of one task back, and leave the rest of the file as it is.

    Raises:
        ResetError: the file has a syntax error or lacks one of the task's functions.
    """
    part = course.part(task.part)
    path = course.exercises / part.path
    whole = f"put the whole file back with: course reset {part.number}"
    try:
        current = path.read_text(encoding="utf-8-sig")
        current_spans = spans(current)
    except FileNotFoundError:
        raise ResetError(f"{path} does not exist; {whole}") from None
    except (SyntaxError, ValueError) as error:  # ValueError: not UTF-8, or with null bytes
        raise ResetError(f"{path} cannot be read as Python ({error}); {whole}") from None
    pristine = _pristine(course, part)
    stub_spans = spans(pristine)
    functions = [name for name in task.symbols if name in stub_spans]
    if missing := [name for name in functions if name not in current_spans]:
        raise ResetError(f"{path} has no {missing[0]}; {whole}")
    # Lines as Python counts them: str.splitlines would also end one at a form feed.
    lines, stub_lines = current.split("\n"), pristine.split("\n")
    for name in sorted(functions, key=lambda name: current_spans[name], reverse=True):
        first, last = current_spans[name]
        stub_first, stub_last = stub_spans[name]
        lines[first:last] = stub_lines[stub_first:stub_last]
    return _replace(course, part, "\n".join(lines).rstrip("\n") + "\n")


def _pristine(course: Course, part: Part) -> str:
    path = course.root / PRISTINE / part.path
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ResetError(
            f"{path} does not exist, so there is nothing to put back; take {part.path.name} from a "
            "fresh copy of the course"
        ) from None


def _replace(course: Course, part: Part, text: str) -> Path | None:
    path = course.exercises / part.path
    kept = keep_copy(course.root, path.relative_to(course.root))
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return kept


def spans(source: str) -> dict[str, tuple[int, int]]:
    """The lines of each function and method: qualified name → first (from 0) and last + 1."""
    found: dict[str, tuple[int, int]] = {}
    tree = ast.parse(source)
    bodies = [("", tree.body)]
    bodies += [(f"{node.name}.", node.body) for node in tree.body if isinstance(node, ast.ClassDef)]
    for prefix, body in bodies:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
                found[prefix + node.name] = first, node.end_lineno or node.lineno
    return found
