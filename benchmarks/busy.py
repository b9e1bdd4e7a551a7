"""Right submissions lose no points on a busy machine: `python -m benchmarks.busy`.

While eight other processes keep every processor busy, right modules are checked in every way that
students and instructors use: `pytest` in a cold process, `course watch`, `check` in a Jupyter
kernel, and `course grade`. Each must earn all points every time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, cycle, islice, zip_longest
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.progress import track
from rich.table import Table

from authoring.audit import Submission, submissions
from benchmarks.parity import self_contained
from benchmarks.watch import working_copy
from grading import manifest
from grading.batch import records
from grading.batch.records import points_by_part
from grading.feedback.watch import run_once, warm
from grading.manifest import Course
from grading.sandbox.confine import end_with_parent

BUSY = 8  # processes
AT_ONCE = 4  # at the terminal; they keep each other busy, too
CHECK = """
import grading.notebook
from grading.checks.notebook import Cell
grading.notebook._executed = lambda: [Cell(1, {source!r})]  # all that this kernel has run
results = grading.notebook.check({part}).results
print(sum(r.score for r in results) == sum(r.max_score for r in results))
"""

InFull = list[bool]  # of each module, whether it earned all points


def right(course: Course, n: int) -> list[Submission]:
    """`n` right modules, each part in turn; those of `tests/right` and the solutions, repeated."""
    of_parts = [
        [
            Submission("right", part.number, course.solutions / part.path),
            *(one for one in submissions(course, [part.number]) if one.kind == "right"),
        ]
        for part in course.parts
    ]
    in_turn = [one for one in chain(*zip_longest(*of_parts)) if one is not None]
    return list(islice(cycle(in_turn), n))


@contextmanager
def busy(n: int = BUSY) -> Iterator[None]:
    """Run processes that take all the processor time that they can get."""
    command = ["sh", "-c", "while :; do :; done"]
    others = [subprocess.Popen(command, preexec_fn=end_with_parent) for _ in range(n)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def at_the_terminal(course: Course, chosen: Sequence[Submission]) -> InFull:
    """A cold pytest for each module, a few at a time; exit code 0 means that all checks passed."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTEST_ADDOPTS"}

    def passes(one: Submission) -> bool:
        checks = course.exercises / course.part(one.part).folder
        command = [sys.executable, "-m", "pytest", "-q", str(checks), f"--submission={one.path}"]
        done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True)
        return done.returncode == 0

    with ThreadPoolExecutor(AT_ONCE) as executor:
        return list(track(executor.map(passes, chosen), "terminal", total=len(chosen)))


def in_watch(course: Course, chosen: Sequence[Submission]) -> InFull:
    """Each module saved in the course's folder and checked in a fork, as by `course watch`."""
    found = []
    with tempfile.TemporaryDirectory() as folder, silence():
        copy = manifest.load(working_copy(course, Path(folder)))
        warm(copy, copy.parts[0])
        for one in chosen:
            part = copy.part(one.part)
            (copy.exercises / part.path).write_bytes(self_contained(course, one.path))
            found.append(run_once(copy, part) == 0)
    return found


def in_jupyter(course: Course, chosen: Sequence[Submission]) -> InFull:
    """Each module as a cell of one kernel, checked by the next cell."""
    sources = [self_contained(course, one.path).decode("utf-8-sig") for one in chosen]
    cells = [
        new_code_cell(CHECK.format(source=source, part=one.part))
        for one, source in zip(chosen, sources, strict=True)
    ]
    resources = {"metadata": {"path": str(course.root)}}
    notebook = new_notebook(cells=cells)
    client = NotebookClient(
        notebook, timeout=None, startup_timeout=600, allow_errors=True, resources=resources
    )
    client.execute()
    return [nbformat.writes(new_notebook(cells=[cell])).count("True\\n") == 1 for cell in cells]


def in_course_grade(course: Course, chosen: Sequence[Submission]) -> InFull:
    """A class in which each student submits one module."""
    with tempfile.TemporaryDirectory() as name:
        class_, out = Path(name) / "class", Path(name) / "out"
        for number, one in enumerate(chosen):
            path = class_ / f"{number:03}" / course.part(one.part).path
            path.parent.mkdir(parents=True)
            path.write_bytes(self_contained(course, one.path))
        command = [sys.executable, "-m", "grading", "grade", str(class_), "--out", str(out)]
        subprocess.run([*command, "--jobs", "2"], cwd=course.root, capture_output=True)
        graded = {record.student_id: record for record in records.read_all(out / "records")}
    found = []
    for number, one in enumerate(chosen):
        score, most = points_by_part(graded[f"{number:03}"])[one.part]
        found.append(score == most)
    return found


PLACES: dict[str, Callable[[Course, Sequence[Submission]], InFull]] = {
    "terminal": at_the_terminal,
    "watch": in_watch,
    "Jupyter": in_jupyter,
    "course grade": in_course_grade,
}


@contextmanager
def silence() -> Iterator[None]:
    """Discard the output of this process and its children."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def main() -> int:
    """Print the table; exit code 1 if a right module lost a point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=50, help="modules in each place (default: 50)")
    parser.add_argument("--place", choices=PLACES, action="append", help="only there")
    arguments = parser.parse_args()
    course, console = manifest.load(), Console()
    chosen = right(course, arguments.n)
    table = Table("where", "right modules", "with all points", "seconds", "load")
    met = True
    with busy():
        for name in arguments.place or PLACES:
            started = time.monotonic()
            in_full = PLACES[name](course, chosen)
            seconds = time.monotonic() - started
            load = os.getloadavg()[0]
            met &= all(in_full)
            counts = f"{len(in_full)}", f"{sum(in_full)}", f"{seconds:.0f}", f"{load:.1f}"
            table.add_row(name, *counts)
            for one, whole in zip(chosen, in_full, strict=True):
                if not whole:
                    console.print(f"{name}: {one.path.relative_to(course.root)} lost points")
    console.print(table)
    console.print(f"goal: all points everywhere: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
