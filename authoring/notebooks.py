"""The lessons as notebooks: for students with stubs, for nbgrader with solutions and test cells.

Both are generated from the lesson's text, the solution and the checks; never edit them by hand.
"""

import ast
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from authoring.stubs import read_solution, regions, stub
from grading.checks.points import Check, checks_in
from grading.exports.nbgrader import cell_name
from grading.manifest import Course, Part, Task

NBGRADER = Path("grading") / "nbgrader"  # of a course that is also handed out with nbgrader
SOURCE = NBGRADER / "source"  # nbgrader's name for a teacher's version
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

FENCE = re.compile(r"^(```+|~~~+)")
NUMBER = re.compile(r"<!--/?n:?[^>]*?-->")  # marks what `course build --numbers` measures
WORKPLACE = re.compile(
    r"You work in \[`\w+\.py`\]\([^)]*\); the checks are in \[`\w+\.py`\]\([^)]*\)\."
)
COMMAND = re.compile(r"`course (check|hint) (\d+\.\d+)`")
OWN_CODE = re.compile(r"`course [^`]*--own`")
OTHER_LESSON = re.compile(r"\]\(\.\./(part\d)/README\.md\b")
OWN_FILE = re.compile(r"\[(`?[^\]`]+`?)\]\((?:[a-z_]\w*\.py|\.\./\.\./[^)]*)\)")


@dataclass(frozen=True)
class Definition:
    """A top-level function or class of a solution, with the tasks that are solved in it."""

    text: str
    tasks: tuple[str, ...]


def notebook_files(course: Course) -> Iterator[tuple[Path, str]]:
    """Every notebook to write, for parts that have a lesson: path from the course folder, text."""
    with_nbgrader = (course.root / NBGRADER / "nbgrader_config.py").is_file()
    for part in course.parts:
        if has_lesson(course, part):
            yield Path("exercises") / part.notebook, students_notebook(course, part)
            if with_nbgrader:
                yield SOURCE / part.notebook, teachers_notebook(course, part)


def has_lesson(course: Course, part: Part) -> bool:
    return _lesson(course, part).is_file()


def students_notebook(course: Course, part: Part) -> str:
    """Lesson, stubs, and a cell that checks each task."""
    return _written(_cells(course, part, teachers=False))


def teachers_notebook(course: Course, part: Part) -> str:
    """Lesson, solutions and a test cell for each check, with nbgrader's metadata."""
    return _written(_cells(course, part, teachers=True))


def _cells(course: Course, part: Part, teachers: bool) -> Iterator[Any]:
    source, name = read_solution(course, part)
    imports, definitions = _definitions(source, name)
    tests = checks_in(course.exercises / part.folder / f"test_{part.folder}.py")
    lesson = _lesson(course, part).read_text(encoding="utf-8")
    introduction, *sections = _sections(_for_notebooks(lesson, part, teachers))
    yield _text_cell(introduction)
    setup = "from grading.notebook import check, hint"
    yield _code_cell("setup", setup, _nbgrader("setup", locked=True) if teachers else None)
    yield _code_cell("imports", imports)
    for section in sections:
        yield _text_cell(section)
        task = next((task for task in part.tasks if section.startswith(f"## {task.id} ")), None)
        if task is not None:
            yield from _task_cells(task, definitions, tests, teachers)


def _lesson(course: Course, part: Part) -> Path:
    return course.exercises / part.folder / "README.md"


def _task_cells(
    task: Task, definitions: list[Definition], tests: list[Check], teachers: bool
) -> Iterator[Any]:
    """The cells of a task: its code, unless an earlier task shows it, and the cells that check
    it."""
    identifier = task.id.replace(".", "-")
    own = [definition for definition in definitions if definition.tasks[0] == task.id]
    for number, definition in enumerate(own, start=1):
        grade_id = f"solution-{identifier}" + (f"-{number}" if len(own) > 1 else "")
        if teachers:
            yield _code_cell(grade_id, definition.text, _nbgrader(grade_id, solution=True))
        else:
            yield _code_cell(grade_id, stub(definition.text, grade_id).rstrip("\n"))
    if not own:
        first = next(one.tasks[0] for one in definitions if task.id in one.tasks)
        words = f"*The code of {task.id} is in the cell of task {first}, above.*"
        yield _text_cell(words, f"where-{identifier}")
    yield _code_cell(f"check-{identifier}", f'check("{task.id}")')
    if teachers:
        for test in tests:
            if test.task == task.id:
                yield _test_cell(test)


def _test_cell(test: Check) -> Any:
    """A locked cell that earns the points of one check; it uses other inputs when graded."""
    name = test.name.removeprefix("test_")
    worth = "1 point" if test.points == 1 else f"{test.points} points"
    call = f'require("{test.task}", "{name}"'
    source = (
        f"# {worth}: {test.requirement}\n"
        "from grading.notebook import require\n\n"
        f"{call})\n"
        "### BEGIN HIDDEN TESTS\n"
        f"{call}, seed={zlib.crc32(test.name.encode())})\n"
        "### END HIDDEN TESTS"
    )
    grade_id = cell_name(test.task, test.name)
    return _code_cell(grade_id, source, _nbgrader(grade_id, locked=True, points=test.points))


# From a solution to cells


def _definitions(source: str, name: str) -> tuple[str, list[Definition]]:
    """The lines before the first definition with a task, and each such definition; lines between
    two of them go with the second."""
    lines = source.splitlines()
    found = regions(source, name)
    body = ast.parse(source).body
    docstring_ends = (body[0].end_lineno or 0) if ast.get_docstring(ast.parse(source)) else 0
    imports: list[str] | None = None
    definitions: list[Definition] = []
    begin = docstring_ends
    for node in body:
        end = node.end_lineno or 0
        inside = [one for one in found if node.lineno <= one.begin + 1 <= end]
        if not inside:
            continue
        end = max(end, inside[-1].end + 1)  # the last marker is a comment after the statement
        if imports is None:
            first = min(one.lineno for one in (node, *getattr(node, "decorator_list", ())))
            above = takewhile(lambda line: line.startswith("#"), reversed(lines[: first - 1]))
            start = first - 1 - len(list(above))
            imports, begin = lines[begin:start], start
        tasks = tuple(dict.fromkeys(one.task for one in inside))
        definitions.append(Definition("\n".join(lines[begin:end]).strip("\n"), tasks))
        begin = end
    return "\n".join(imports or []).strip("\n"), definitions


# From a lesson to cells


def _for_notebooks(lesson: str, part: Part, teachers: bool) -> str:
    """The lesson for a notebook: without number markers, and with calls instead of commands."""
    text = NUMBER.sub("", lesson)
    text = WORKPLACE.sub(
        "You work in the code cells of this notebook: fill one in, run it, and run the cell with "
        "`check` below it. Before you hand the notebook in, restart its kernel and run all cells: "
        "it is read from top to bottom.",
        text,
    )
    text = COMMAND.sub(r'`\1("\2")`', text)
    # the cells above take the module's place
    text = re.sub(rf"(?m)^from exercises\.{part.folder}\.\w+ import .*\n", "", text)
    text = OWN_CODE.sub(r"\g<0> (for work in the modules)", text)
    text = OTHER_LESSON.sub(r"](../\1/\1.ipynb", text)
    # with nbgrader, students get only the notebooks
    return OWN_FILE.sub(r"\1", text) if teachers else text


def _sections(lesson: str) -> list[str]:
    """The text up to the first level-2 heading, then each such heading with its text."""
    sections: list[list[str]] = [[]]
    fence = None
    for line in lesson.splitlines():
        mark = FENCE.match(line)
        if mark is not None:
            fence = mark[1] if fence is None else None if line.strip() == fence else fence
        if fence is None and line.startswith("## "):
            sections.append([])
        sections[-1].append(line)
    return ["\n".join(lines).strip() for lines in sections]


# Cells


def _written(cells: Iterator[Any]) -> str:
    notebook = v4.new_notebook(cells=list(cells), metadata=METADATA)
    notebook.nbformat_minor = 5  # the first with cell ids
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _text_cell(text: str, name: str | None = None) -> Any:
    heading = text.splitlines()[0].lstrip("# ")
    slug = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    return v4.new_markdown_cell(text, id=name or f"lesson-{slug}"[:64])


def _code_cell(name: str, source: str, nbgrader: dict[str, Any] | None = None) -> Any:
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return v4.new_code_cell(source, id=name[:64], metadata=metadata)


def _nbgrader(
    grade_id: str, solution: bool = False, locked: bool = False, points: int | None = None
) -> dict[str, Any]:
    """Metadata of schema 3, see https://nbgrader.readthedocs.io."""
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "cell_type": "code",
        "grade_id": grade_id,
        "solution": solution,
        "locked": locked,
        "grade": points is not None,
        "task": False,
    }
    return metadata if points is None else metadata | {"points": points}
