"""`course build`: write what is generated; `course build --check`: find what is not in order."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from authoring import figures
from authoring.notebooks import notebook_files
from authoring.numbers import NumberError, lessons
from authoring.stubs import MarkerError, read_solution, regions, stub_files
from grading.backup import keep_copy
from grading.checks.points import points_by_task
from grading.manifest import Course, Part

TOTAL_POINTS = 100
BUILD = "run: course build"


def build(course: Course) -> list[Path]:
    """Write every generated file that differs; returns their paths from the course folder.

    These are the stubs, the lessons' figures and the numbers in the lessons, and the notebooks. A
    version of a stub or a notebook that is overwritten in `exercises/` is kept, see `keep_copy`.
    """
    written = []
    stubs, texts = list(stub_files(course)), list(lessons(course))  # a wrong marker stops it here
    for path, text in stubs:
        if _read(course.root / path) != text:
            keep_copy(course.root, path)
            _write(course.root / path, text)
            written.append(path)
    for path, text in [*texts, *figures.figure_files(course)]:
        if _read(course.root / path) != text:
            _write(course.root / path, text)
            written.append(path)
    for path, text in notebook_files(course):  # they take the lessons as they are by now
        if _read(course.root / path) != text:
            keep_copy(course.root, path)
            _write(course.root / path, text)
            written.append(path)
    return written


def complaints(course: Course) -> Iterator[str]:
    """What `course build --check` finds, each with what to do; nothing is written."""
    for part in course.parts:
        try:
            yield from _task_complaints(course, part)
        except MarkerError as error:
            yield str(error)
            return
    yield from _points_complaints(course)
    for path, text in stub_files(course):
        if _read(course.root / path) != text:
            yield f"{path.as_posix()} is not what its solution gives; {BUILD}"
    yield from _number_complaints(course)
    yield from _figure_complaints(course)
    for path, text in notebook_files(course):
        if _read(course.root / path) != text:
            yield f"{path.as_posix()} is not what lesson, solution and checks give; {BUILD}"


def _task_complaints(course: Course, part: Part) -> Iterator[str]:
    source, name = read_solution(course, part)
    found = Counter(region.task for region in regions(source, name))
    known = {task.id for task in part.tasks}
    for task_id in sorted(found.keys() - known):
        yield f"{name}: SOLUTION {task_id} is not a task of part {part.number} in course.toml"
    for task in part.tasks:
        if task.id not in found:
            yield f"{name}: task {task.id} has no TODO and no BEGIN SOLUTION {task.id}"
        if len(task.hints) != 3 or not all(hint.strip() for hint in task.hints):
            yield f"exercises/course.toml: task {task.id} needs three hints that say something"
        for hint in task.hints:
            for line in _solution_lines(source, name, task.id):
                if line in hint:
                    yield f"exercises/course.toml: a hint of {task.id} gives away {line!r}"


def _solution_lines(source: str, name: str, task_id: str) -> Iterator[str]:
    """The lines of a task's solution that would give it away: not `return x` or `break`."""
    lines = source.splitlines()
    for region in regions(source, name):
        if region.task == task_id:
            for line in lines[region.begin + 1 : region.end]:
                if len(line.strip()) > 12:
                    yield line.strip()


def _points_complaints(course: Course) -> Iterator[str]:
    points = points_by_task(course)
    for part in course.parts:
        for task in part.tasks:
            if task.id not in points:
                path = f"exercises/{part.folder}/test_{part.folder}.py"
                yield f'{path}: task {task.id} has no check; add one with @task("{task.id}", …)'
    for task_id in sorted(points.keys() - course.tasks.keys()):
        yield f"a check names task {task_id}, which course.toml does not have"
    total = sum(points.values())
    if total != TOTAL_POINTS:
        yield f"the checks add up to {total} points; they must be {TOTAL_POINTS}"


def _number_complaints(course: Course) -> Iterator[str]:
    try:
        for path, text in lessons(course):
            if _read(course.root / path) != text:
                yield f"{path.as_posix()} shows other numbers than numbers.json; {BUILD}"
    except NumberError as error:
        yield str(error)


def _figure_complaints(course: Course) -> Iterator[str]:
    for path, text in figures.figure_files(course):
        current = _read(course.root / path)
        if current is None:
            yield f"{path.as_posix()} is missing; {BUILD}"
        elif current != text and figures.comparable(current):
            yield f"{path.as_posix()} is not what its code draws; {BUILD}"
    for path in figures.orphans(course):
        yield f"{path.as_posix()} is drawn by no code; delete it, or draw it in {figures.SOURCES}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
