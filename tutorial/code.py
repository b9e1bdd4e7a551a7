"""The modules of one folder: the solutions, or a student's own code."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from grading.checks.runner import describe, load_module
from grading.manifest import Course, Part, Task


class CodeError(Exception):
    """The code that runs the tutorial is incomplete or broken; the message says where.

    Args:
        fault: what is wrong, in one line.
        place: the file, and the line where that is known.
        check: what `course check` is to check, tasks or a part.
        tasks: those that it belongs to, as far as that is known.
    """

    def __init__(
        self, message: str, fault: str, place: str, check: str, tasks: Sequence[Task] = ()
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.place = place
        self.check = check
        self.tasks = tasks


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


def require_done(course: Course, folder: Path, needed: Collection[str]) -> None:
    """Raise CodeError, naming all of them, where tasks that are needed still are stubs.

    Only the text of the modules is read.
    """
    missing: dict[Task, tuple[str, int]] = {}  # the file and the line of the first stub
    for part in course.parts:
        path = folder / part.path
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for stub in _STUB.finditer(text):
            if stub[1] in needed:
                place = _display(course, path), text.count("\n", 0, stub.start(1)) + 1
                missing.setdefault(course.task(stub[1]), place)
    if missing:
        fault = "this needs tasks that are not done yet"
        rows = [f"  {task.id} {task.title}: {path}" for task, (path, _) in missing.items()]
        check = " ".join(task.id for task in missing)
        message = "\n".join([f"{fault}:", *rows, f"check them with: course check {check}"])
        first, line = next(iter(missing.values()))
        raise CodeError(message, fault, f"{first}, line {line}", check, tuple(missing))


_STUB = re.compile(r'^\s*raise NotImplementedError\(\s*"TODO (\d+\.\d+)', re.MULTILINE)


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
        found = [(part, describe(error, folder / part.path)) for part in course.parts]
        for part, seen in found:
            if seen.get("todo") and seen.get("line"):
                task = course.task(seen["todo"])
                path = _display(course, folder / part.path)
                fault = f"task {task.id} {task.title} is not done yet"
                message = f"{fault}: {path}\ncheck it with: course check {task.id}"
                raise CodeError(message, fault, path + _line(seen), task.id, [task]) from error
        for part, seen in found:
            if seen["reason"] == "missing" or seen.get("line"):
                place = _display(course, Path(seen["file"])) + _line(seen)
                owners = _tasks_of(part, seen.get("function", ""))
                check = owners[0].id if owners else str(part.number)
                message = f"{place}: {seen['error']}"
                raise CodeError(message, seen["error"], place, check, owners) from error
        raise


@contextmanager
def explained_in(course: Course, folder: Path, part: Part) -> Iterator[None]:
    """As `explained`, for code that uses a part: what is not raised in a module of `folder` is
    blamed on what that part returned."""
    try:
        with explained(course, folder):
            yield
    except CodeError:
        raise
    except Exception as error:
        path = _display(course, folder / part.path)
        fault = f"what it returns cannot be used ({type(error).__name__}: {error})"
        raise CodeError(f"{path}: {fault}", fault, path, str(part.number)) from error


def _line(seen: dict[str, Any]) -> str:
    return f", line {seen['line']}" if seen.get("line") else ""


def _tasks_of(part: Part, function: str) -> list[Task]:
    """The task that a function, a method, or a function inside of one belongs to, if any."""
    owners = {
        symbol: task
        for task in part.tasks
        for symbol in task.symbols
        if f"{function}.".startswith(f"{symbol}.")
    }
    return [owners[max(owners, key=len)]] if owners else []


def _display(course: Course, path: Path) -> str:
    return (path.relative_to(course.root) if path.is_relative_to(course.root) else path).as_posix()
