"""The numbers of the lessons in a terminal, with a progress bar."""

from collections.abc import Iterable

from rich.console import Console
from rich.progress import Progress, TaskID

from authoring import numbers
from authoring.numbers import NumberError, Verdict
from data import DataError
from grading.manifest import Course


class Bar(numbers.Progress):
    """A progress bar on stderr with one step per group."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID | None = None

    def start(self, groups: Iterable[str]) -> None:
        if total := len(list(groups)):
            self._bar.start()
            self._task = self._bar.add_task("measuring", total=total)

    def measuring(self, group: str) -> None:
        if self._task is not None:
            begun = self._bar.tasks[0].description != "measuring"
            name = group.replace("_", " ")
            self._bar.update(self._task, advance=int(begun), description=f"measuring: {name}")

    def done(self) -> None:
        self._bar.stop()


def check(course: Course) -> Verdict:
    """Measure, and compare with the committed numbers."""
    bar = Bar()
    try:
        return numbers.check(course, bar)
    except DataError as error:
        return Verdict([str(error)])
    finally:
        bar.done()


def renew(course: Course) -> list[str]:
    """Measure and write the numbers; returns one line for each change.

    Raises:
        NumberError: the course has nothing to measure, or the real data is not on this machine.
        DataError: a folder that the user chose holds no usable data.
    """
    source = numbers.real_data()
    if source is None:
        raise NumberError("there is nothing to measure with: MovieLens 100K is not here")
    if not (course.root / numbers.MEASURING.replace(".", "/")).is_dir():
        raise NumberError("this course brings no code that measures numbers")
    bar = Bar()
    try:
        changed = numbers.renew(course, source, bar)
    finally:
        bar.done()
    return changed or ["no number changed"]
