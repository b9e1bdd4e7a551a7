"""`course build`: write the generated files; `course build --check`: find what is out of date."""

from collections import Counter
from collections.abc import Iterable, Iterator
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

    These are the stubs, the lessons' figures and numbers, and the notebooks. Before a stub or a
    notebook in `exercises/` is overwritten, a backup is made, see `keep_copy`.
    """
    stubs, texts = list(stub_files(course)), list(lessons(course))  # a bad marker raises here
    return [
        *_renewed(course, stubs, keep=True),
        *_renewed(course, texts),
        *_renewed(course, figures.figure_files(course)),
        *_renewed(course, notebook_files(course), keep=True),  # from the lessons just written
    ]


def _renewed(
    course: Course, files: Iterable[tuple[Path, str]], keep: bool = False
) -> Iterator[Path]:
    """Write each file that differs; `keep`: back up what stands there."""
    for path, text in files:
        if _read(course.root / path) != text:
            if keep:
                keep_copy(course.root, path)
            (course.root / path).parent.mkdir(parents=True, exist_ok=True)
            (course.root / path).write_text(text, encoding="utf-8", newline="\n")
            yield path


def complaints(course: Course) -> Iterator[str]:
    """What `course build --check` finds, each with the fix; nothing is written."""
    for part in course.parts:
        try:
            yield from _task_complaints(course, part)
        except MarkerError as error:
            yield str(error)
            return
    yield from _points_complaints(course)
    yield from _outdated(course, stub_files(course), "is out of date with its solution")
    yield from _number_complaints(course)
    yield from _figure_complaints(course)
    yield from _outdated(
        course, notebook_files(course), "is out of date with lesson, solution or checks"
    )


def _outdated(course: Course, files: Iterable[tuple[Path, str]], words: str) -> Iterator[str]:
    for path, text in files:
        if _read(course.root / path) != text:
            yield f"{path.as_posix()} {words}; {BUILD}"


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
            yield f"exercises/course.toml: task {task.id} needs three hints, none of them empty"
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
        yield f"a check names task {task_id}, which is not in course.toml"
    bonus = {task.id for task in course.tasks.values() if task.bonus}
    total = sum(worth for task_id, worth in points.items() if task_id not in bonus)
    if total != TOTAL_POINTS:
        yield f"the checks add up to {total} points instead of {TOTAL_POINTS}"


def _number_complaints(course: Course) -> Iterator[str]:
    try:
        yield from _outdated(course, lessons(course), "does not match numbers.json")
    except NumberError as error:
        yield str(error)


def _figure_complaints(course: Course) -> Iterator[str]:
    for path, text in figures.figure_files(course):
        current = _read(course.root / path)
        if current is None:
            yield f"{path.as_posix()} is missing; {BUILD}"
        elif current != text and figures.comparable(current):
            yield f"{path.as_posix()} is out of date with its code; {BUILD}"
    for path in figures.orphans(course):
        yield f"no code draws {path.as_posix()}; delete it, or draw it in {figures.SOURCES}"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
