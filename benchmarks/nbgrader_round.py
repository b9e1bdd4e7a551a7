"""A class of notebooks through nbgrader: `python -m benchmarks.nbgrader_round`.

For each part: generate, a submission of each kind, preflight, autograde, feedback, export. Every
student must be graded, nobody's work may stop another's, and the points must be those that `course
grade` gives to the same notebooks. `--parts 1 3` takes only these.
"""

import argparse
import copy
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from rich.console import Console
from rich.table import Table

from benchmarks.watch import working_copy
from grading import manifest
from grading.batch import records
from grading.build.notebooks import SOURCE
from grading.manifest import Course, Part

SET_ASIDE = "broken JSON"
KERNEL_DIES = "exit"  # nbgrader cannot go on in a kernel that is gone
SEED = 0
MB = 1_000_000


@dataclass(frozen=True)
class Graded:
    """One student of one part: points by nbgrader and by `course grade`, None without a grade."""

    part: int
    kind: str
    nbgrader: float | None
    course: float | None
    feedback: int  # bytes of the page
    figures: int  # beside it

    @property
    def fault(self) -> str | None:
        """What is not as it should be."""
        if self.kind == SET_ASIDE:
            return None if self.nbgrader is None else "was graded, though it cannot be read"
        if self.nbgrader is None:
            return "not graded by nbgrader"
        if not 1000 < self.feedback < MB:
            return f"a feedback page of {self.feedback} bytes"
        if self.kind == KERNEL_DIES:
            return None if self.nbgrader <= (self.course or 0) else "more than course grade gives"
        return None if self.nbgrader == self.course else "other points than course grade gives"


@dataclass(frozen=True)
class Round:
    """nbgrader's folder in a working copy of the course."""

    course: Course

    @property
    def folder(self) -> Path:
        return self.course.root / SOURCE.parent

    def run(self, *words: str | Path, fails: bool = False) -> str:
        """Run a command in nbgrader's folder; returns what it said.

        Raises:
            RuntimeError: it failed, and `fails` does not allow that.
        """
        scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", *map(str, words)],
            cwd=self.folder,
            env=os.environ
            | {"OMP_NUM_THREADS": "1", "PATH": scripts, "PYTHONPATH": str(self.course.root)},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0 and not fails:
            raise RuntimeError(f"{' '.join(map(str, words))}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def released(self, part: Part) -> NotebookNode:
        return nbformat.read(self.folder / "release" / part.notebook, as_version=4)

    def hand_in(self, part: Part, kind: str, content: str) -> None:
        path = self.folder / "submitted" / kind.replace(" ", "-") / part.notebook
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")


def submissions(released: NotebookNode, solved: NotebookNode) -> dict[str, str]:
    """The text of a notebook for each kind of work.

    Args:
        released: with stubs.
        solved: with solutions.
    """
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    last = list(answers)[-1]

    def written(change: Callable[[NotebookNode], Any], but: Sequence[str] = ()) -> str:
        notebook = copy.deepcopy(released)
        for cell in notebook.cells:
            name = _name(cell)
            if name in answers and name not in but:
                cell.source = answers[name]
        change(notebook)
        return nbformat.writes(notebook)

    def ends_in(code: str) -> Callable[[NotebookNode], None]:
        """The last function or method of the last answer begins with this."""

        def change(notebook: NotebookNode) -> None:
            cell = _find(notebook, last)
            lines = cell.source.splitlines()
            begin = max(i for i, line in enumerate(lines) if "# BEGIN SOLUTION" in line)
            indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
            lines[begin] = "\n".join(indent + line for line in code.splitlines())
            cell.source = "\n".join(lines)

        return change

    def appended(code: str) -> Callable[[NotebookNode], None]:
        def change(notebook: NotebookNode) -> None:
            place = notebook.cells.index(_find(notebook, last))
            notebook.cells.insert(place + 1, new_code_cell(code))

        return change

    def duplicate(notebook: NotebookNode) -> None:
        cell = _find(notebook, last)
        notebook.cells.insert(notebook.cells.index(cell) + 1, copy.deepcopy(cell))

    def first_test(notebook: NotebookNode) -> NotebookNode:
        return next(cell for cell in notebook.cells if (_name(cell) or "").startswith("test-"))

    def delete(notebook: NotebookNode) -> None:
        notebook.cells.remove(first_test(notebook))

    def edit(notebook: NotebookNode) -> None:
        first_test(notebook).source = "pass"

    return {
        "right": written(lambda _: None),
        "stub": written(lambda _: None, but=list(answers)),
        "partly right": written(lambda _: None, but=[last]),
        "wrong": written(ends_in("return None")),
        "duplicated cell": written(duplicate),
        "deleted test cell": written(delete),
        "edited test cell": written(edit, but=list(answers)),
        SET_ASIDE: written(lambda _: None)[:-200],
        "infinite loop": written(ends_in("while True:\n    pass")),
        "sys.exit": written(ends_in("import sys\nsys.exit()")),
        KERNEL_DIES: written(appended("import os\nos._exit(0)")),
        "noisy stderr": written(
            ends_in("import sys, warnings\nwarnings.warn('a')\nprint('b', file=sys.stderr)")
        ),
        "oversized output": written(appended("for _ in range(100):\n    print('x' * 1_000_000)")),
    }


def play(course: Course, numbers: Sequence[int], console: Console) -> list[Graded]:
    """The whole round for these parts, in the given working copy."""
    round_ = Round(course)
    found = []
    for number in numbers:
        part, started = course.part(number), time.perf_counter()
        round_.run("nbgrader", "generate_assignment", part.folder)
        solved = nbformat.read(round_.folder / "source" / part.notebook, as_version=4)
        kinds = submissions(round_.released(part), solved)
        for kind, content in kinds.items():
            round_.hand_in(part, kind, content)
        said = round_.run("grading", "preflight", "submitted", fails=True)
        console.print(said.rstrip(), markup=False, highlight=False)
        round_.run("nbgrader", "autograde", part.folder, fails=True)
        round_.run("nbgrader", "generate_feedback", part.folder, fails=True)
        round_.run("nbgrader", "export")
        by_nbgrader, by_course = _exported(round_, part), _graded(round_, part)
        for kind in kinds:
            student = kind.replace(" ", "-")
            page = round_.folder / "feedback" / student / part.notebook.with_suffix(".html")
            size = page.stat().st_size if page.is_file() else 0
            n_figures = len(list(page.parent.glob("figures/*.svg")))
            points = by_nbgrader.get(student), by_course.get(student)
            found.append(Graded(number, kind, *points, size, n_figures))
        console.print(f"part {number}: {len(kinds)} in {time.perf_counter() - started:.0f} s")
    return found


def _exported(round_: Round, part: Part) -> dict[str, float]:
    with (round_.folder / "grades.csv").open(newline="") as file:
        return {
            row["student_id"]: float(row["score"])
            for row in csv.DictReader(file)
            if row["assignment"] == part.folder and row["score"]
        }


def _graded(round_: Round, part: Part) -> dict[str, float]:
    """Points of one part by `course grade` on the same notebooks."""
    out = round_.folder.parent / f"grades-{part.folder}"
    options = ("--seed", str(SEED), "--jobs", "1")
    round_.run("grading", "grade", "submitted", "--out", out, *options, fails=True)
    return {
        record.student_id: sum(task.score for task in record.tasks if task.id in _ids(part))
        for record in records.read_all(out / "records")
    }


def _ids(part: Part) -> set[str]:
    return {task.id for task in part.tasks}


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _find(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if _name(cell) == name)


def main() -> int:
    """Print the table; exit code 1 where something is not as it should be."""
    course, console = manifest.load(), Console()
    everything = [part.number for part in course.parts]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=int, nargs="+", default=everything, help="default: all")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the folder there, to look")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # the wall's workers have users of their own
        copied = manifest.load(working_copy(course, folder))
        found = play(copied, arguments.parts, console)
        if arguments.keep:
            shutil.copytree(copied.root / SOURCE.parent, arguments.keep)
    table = Table("part", "work", "nbgrader", "course grade", "feedback, kB", "fault")
    for one in found:
        points = (str(one.nbgrader), str(one.course))
        size = f"{one.feedback / 1000:.0f}"
        table.add_row(str(one.part), one.kind, *points, size, one.fault or "")
    console.print(table)
    faults = [one for one in found if one.fault]
    console.print(json.dumps({"graded": len(found), "faults": len(faults)}))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
