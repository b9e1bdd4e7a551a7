"""The modules of one folder: the solutions, or a student's own code."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grading.checks.runner import describe, load_module
from grading.manifest import Course, Part


class CodeError(Exception):
    """The code that runs the tutorial is incomplete or broken; the message says where."""


@dataclass(frozen=True)
class Code:
    """The modules that the tutorial uses, by the names of their files."""

    dataset: ModuleType
    model: ModuleType
    training: ModuleType
    recommend: ModuleType
    explore: ModuleType


@dataclass(frozen=True)
class DeepCode(Code):
    """With the module of part 7, which is optional."""

    deep: ModuleType


def load_code(course: Course, folder: Path) -> Code:
    """Import the modules of parts 2 to 6 from `folder`.

    Raises:
        CodeError: a module is missing or cannot be imported.
    """
    return Code(
        **_modules(course, folder, [part for part in course.parts[1:] if not part.optional])
    )


def load_deep_code(course: Course, folder: Path) -> DeepCode:
    """Import the modules of parts 2 to 7 from `folder`.

    Raises:
        CodeError: a module is missing or cannot be imported.
    """
    return DeepCode(**_modules(course, folder, course.parts[1:]))


def _modules(course: Course, folder: Path, parts: Sequence[Part]) -> dict[str, ModuleType]:
    modules = {}
    for part in parts:
        with explained(course, folder):
            modules[Path(part.module).stem] = load_module(folder / part.path)
    return modules


@contextmanager
def explained(course: Course, folder: Path) -> Iterator[None]:
    """Turn errors from modules of `folder` into a `CodeError` in plain words.

    Errors whose traceback contains none of these modules pass through.
    """
    try:
        yield
    except CodeError:
        raise
    except (Exception, SystemExit) as error:  # SystemExit: a module that calls exit()
        places = [describe(error, folder / part.path) for part in course.parts]
        for place in places:
            if place.get("todo"):
                task = course.task(place["todo"])
                path = _display(course, folder / course.part(task.part).path)
                raise CodeError(
                    f"task {task.id} {task.title} is not done yet: {path}\n"
                    f"check it with: course check {task.id}"
                ) from error
        for place in places:
            if place["reason"] == "missing" or place.get("line"):
                line = f", line {place['line']}" if place.get("line") else ""
                path = _display(course, Path(place["file"]))
                raise CodeError(f"{path}{line}: {place['error']}") from error
        raise


def _display(course: Course, path: Path) -> str:
    return (path.relative_to(course.root) if path.is_relative_to(course.root) else path).as_posix()
