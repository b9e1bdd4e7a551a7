"""Shared by all commands: the application, error handling, and common options."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from grading import manifest
from grading.errors import UsageError
from grading.manifest import Course, Part, Task

app = typer.Typer(
    help="Exercises that grade themselves.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def run_checks(course: Course, parts: Iterable[Part], arguments: Iterable[str] = ()) -> int:
    """Run pytest on whole parts in this process; returns the command's exit code."""
    import pytest

    folders = [str(course.exercises / part.folder) for part in parts]
    options = [f"--rootdir={course.root}", "--quiet", "--no-header", *arguments]
    return min(int(pytest.main([*folders, *options])), 2)  # 3 to 5: nothing could be checked


def part_or_task(course: Course, text: str) -> Part | Task:
    number = text.removeprefix("part")
    if number.isdecimal():
        return course.part(int(number))
    return course.task(text)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Report wrong usage in one sentence instead of a traceback."""
    try:
        yield
    except (manifest.ManifestError, UsageError) as error:
        fail(str(error), code=2)
    except BrokenPipeError:
        raise  # the reader, such as `head`, has seen enough: typer ends without a word
    except OSError as error:  # a file of the course is not readable or writable
        fail(str(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in ("copydetect", "jinja2", "nbformat", "nbgrader"):
            raise
        if package == "copydetect":
            fail("this command needs the extra: pip install -e '.[similarity]'", code=2)
        if package in ("nbformat", "nbgrader"):
            fail("nbgrader is not installed: pip install -e '.[notebooks]'", code=2)
        fail("this command needs the extra: pip install '.[grading]'", code=2)


def fail(message: str, code: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
