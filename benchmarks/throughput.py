"""Seconds per submission of `course grade`, pytest and nbgrader: `python -m benchmarks.throughput`.

All three grade part 3, with the same checks on the same modules and one process:

- `course grade --jobs 1` grades a whole class in its sandbox, startup included.
- pytest is started for each submission, with `--submission` and `--junit-xml`, without a sandbox.
- `nbgrader autograde` is started once for many notebooks, which share its startup. A notebook
  writes the module to a file in its solution cell; one test cell per task calls the functions of
  the checks directly. This favours nbgrader most: it runs no pytest, and a check is only a call.

They take turns in each round, so that other load on the machine affects all of them. The other two
get a part of the class, because their time is linear in it. Needs the extra `notebooks`.
"""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from authoring.audit import submissions
from benchmarks.parity import self_contained
from benchmarks.watch import working_copy
from grading import manifest
from grading.batch import records
from grading.checks.points import points_in
from grading.manifest import MANIFEST, Course, Part

PART = 3
SEED = 0  # that of a pytest without --seed
GOALS = {"nbgrader autograde": 20.0, "pytest": 10.0}  # times the seconds of course grade
PATIENCE = (
    "--ExecutePreprocessor.timeout=600"  # seconds for a cell: on a busy machine, 30 are not enough
)

SETUP = """\
import inspect
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")  # nbgrader gives no points where there is a warning
sys.path.insert(0, {root!r})

from exercises.part{part} import test_part{part} as checks
from grading.checks import Student


def check(task):
    for name, function in vars(checks).items():
        marks = getattr(function, "pytestmark", ())
        if any(mark.name == "task" and mark.kwargs["id"] == task for mark in marks):
            rng = np.random.default_rng([{seed}, zlib.crc32(name.encode())])
            offered = {{"student": Student(Path({module!r}).absolute(), {seed}), "rng": rng}}
            function(**{{name: offered[name] for name in inspect.signature(function).parameters}})
"""


@dataclass
class Timed:
    """One tool's result: seconds, number of submissions, and which got all points."""

    name: str
    seconds: float = 0.0
    graded: int = 0
    without_start: float | None = None
    full: set[str] = field(default_factory=set)

    @property
    def each(self) -> float:
        return self.seconds / self.graded


@dataclass(frozen=True)
class Bench:
    """A course of one part, a class that has solved it, and the folder for results."""

    course: Course
    part: Part
    students: dict[str, Path]  # folders
    out: Path

    def command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a Python module in the course's folder."""
        command = [sys.executable, "-m", *map(str, words)]
        scripts = (
            f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls one
        )
        env = os.environ | {"OMP_NUM_THREADS": "1", "PATH": scripts}
        return subprocess.run(
            command, cwd=self.course.root, capture_output=True, text=True, env=env
        )


def one_part_course(course: Course, folder: Path, number: int) -> Course:
    """A copy of the course with only one part."""
    root = working_copy(course, folder)
    head, *parts = re.split(r"(?m)^(?=\[\[part\]\]$)", (root / MANIFEST).read_text("utf-8"))
    (root / MANIFEST).write_text(head + parts[number - 1], encoding="utf-8")
    return manifest.load(root)


def write_class(course: Course, folder: Path, n: int) -> dict[str, Path]:
    """`n` submissions of the part: right and wrong ones alternate while there are both."""
    part = course.part(PART)
    of_kind = {
        kind: [one.path for one in submissions(course, [PART]) if one.kind == kind]
        for kind in ("right", "wrong")
    }
    in_turn = (path for pair in zip(*map(cycle, of_kind.values()), strict=False) for path in pair)
    students = {}
    for number, path in enumerate(islice(in_turn, n)):
        module = folder / f"student-{number:03}" / part.path
        module.parent.mkdir(parents=True)
        module.write_bytes(self_contained(course, path))
        students[module.parent.parent.name] = module.parent.parent
    return students


# The three tools


def course_grade(bench: Bench, timed: Timed, round_: int) -> None:
    """Grade the class from scratch."""
    out = bench.out / f"grades-{round_}"
    folder = next(iter(bench.students.values())).parent
    options: list[str | Path] = ["--out", out, "--jobs", "1", "--seed", str(SEED)]
    start = time.perf_counter()
    ran = bench.command("grading", "grade", folder, *options)
    timed.seconds += time.perf_counter() - start
    if ran.returncode != 0:
        raise RuntimeError(ran.stdout + ran.stderr)
    kept = list(records.read_all(out / "records"))
    timed.graded += len(kept)
    timed.without_start = sum(record.seconds for record in kept) / len(kept)
    timed.full |= {record.student_id for record in kept if record.score == record.max_score}


def pytest_each(bench: Bench, timed: Timed, students: Sequence[str]) -> None:
    """A process for each submission."""
    for student in students:
        report = bench.out / f"{student}.xml"
        options: list[str | Path] = [
            "--quiet",
            "--submission",
            bench.students[student],
            "--junit-xml",
            report,
        ]
        start = time.perf_counter()
        ran = bench.command("pytest", f"exercises/{bench.part.folder}", *options)
        timed.seconds += time.perf_counter() - start
        timed.graded += 1
        if ran.returncode not in (0, 1) or not report.exists():
            raise RuntimeError(ran.stdout + ran.stderr)
        if ran.returncode == 0:
            timed.full.add(student)


class Nbgrader:
    """A course of nbgrader with one assignment."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.folder = bench.out / "nbgrader"
        self.notebook = Path(f"{bench.part.folder}.ipynb")
        self._write(self.folder / "source" / "exercise" / self.notebook, self._source())
        self._run("generate_assignment", "exercise")

    def hand_in(self, student: str, name: str) -> None:
        """Write the notebook of a student, called `name` here."""
        import nbformat

        notebook = nbformat.read(self.folder / "release" / "exercise" / self.notebook, as_version=4)
        module = self.bench.students[student] / self.bench.part.path
        cell = next(cell for cell in notebook.cells if cell.metadata.nbgrader.solution)
        text = module.read_text(encoding="utf-8-sig")
        cell.source = f"%%writefile {self.bench.part.module}\n{text}"
        self._write(self.folder / "submitted" / name / "exercise" / self.notebook, notebook)

    def autograde(self, timed: Timed, round_: int, students: Sequence[str]) -> None:
        """One process for all these submissions, a kernel for each."""
        for student in students:
            self.hand_in(student, f"round-{round_}-{student}")
        start = time.perf_counter()
        self._run("autograde", "exercise", f"--student=round-{round_}-*", PATIENCE)
        timed.seconds += time.perf_counter() - start
        timed.graded += len(students)
        timed.full |= {
            student for student in students if self._has_all(f"round-{round_}-{student}")
        }

    def _has_all(self, name: str) -> bool:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            graded = gradebook.find_submission("exercise", name)
            return graded.score == graded.max_score

    def _source(self) -> Any:
        """The teacher's notebook."""
        from nbformat import v4

        part, root = self.bench.part, str(self.bench.course.root)
        setup = SETUP.format(root=root, part=part.number, module=part.module, seed=SEED)
        tests = self.bench.course.exercises / part.folder / f"test_{part.folder}.py"
        cells = [_cell("solution", "# the module", solution=True), _cell("setup", setup)]
        for task, points in points_in(tests).items():
            cells.append(_cell(f"test-{task.replace('.', '-')}", f"check({task!r})", points=points))
        return v4.new_notebook(
            cells=[v4.new_code_cell(source, metadata=metadata) for source, metadata in cells],
            metadata={
                "kernelspec": {
                    "name": "python3",
                    "display_name": "Python 3",
                    "language": "python",
                }
            },
        )

    def _write(self, path: Path, notebook: Any) -> None:
        import nbformat

        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def _run(self, *words: str) -> None:
        ran = self.bench.command("nbgrader", *words, f"--course-dir={self.folder}")
        if ran.returncode != 0:
            raise RuntimeError(ran.stdout + ran.stderr)


def _cell(name: str, source: str, solution: bool = False, points: int = 0) -> tuple[str, dict]:
    """Source and metadata of a cell, in nbgrader's format."""
    nbgrader: dict[str, object] = {
        "grade_id": name,
        "solution": solution,
        "locked": not solution,
        "grade": points > 0,
        "task": False,
        "schema_version": 3,
        "cell_type": "code",
    }
    return source, {"nbgrader": nbgrader | ({"points": points} if points else {})}


def main() -> int:
    """Print the table; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300, help="the class (default: 300)")
    parser.add_argument("--sample", type=int, default=32, help="for the others (default: 32)")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each tool (default: 2)")
    arguments = parser.parse_args()
    if importlib.util.find_spec("nbgrader") is None:
        print("nbgrader is not installed: pip install -e '.[notebooks]'", file=sys.stderr)
        return 2
    course, console = manifest.load(), Console()
    grade, pytest, nbgrader = (Timed(name) for name in ("course grade", *reversed(GOALS)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # workers run under other users
        students = write_class(course, folder / "class", arguments.students)
        small = one_part_course(course, folder, PART)
        bench = Bench(small, small.part(PART), students, folder / "out")
        bench.out.mkdir()
        sample = list(students)[: arguments.sample]
        notebooks = Nbgrader(bench)
        for round_ in track(range(arguments.rounds), "rounds", console=console):
            share = sample[round_ :: arguments.rounds]
            course_grade(bench, grade, round_)
            pytest_each(bench, pytest, share)
            notebooks.autograde(nbgrader, round_, share)
    table = Table("tool", "graded", "s per submission", "without start", "times", "all points")
    for timed in (grade, pytest, nbgrader):
        alone = "" if timed.without_start is None else f"{timed.without_start:.2f}"
        times = f"{timed.each / grade.each:.1f}"
        row = (timed.graded, f"{timed.each:.2f}", alone, times, len(timed.full))
        table.add_row(timed.name, *map(str, row))
    console.print(table)
    same = grade.full & set(sample) == pytest.full == nbgrader.full
    if not same:
        console.print("the three do not agree on who has all points")
    met = same and all(one.each / grade.each >= GOALS[one.name] for one in (pytest, nbgrader))
    goals = " and ".join(f"{goal:g} times {name}" for name, goal in GOALS.items())
    console.print(f"goals: {goals}: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
