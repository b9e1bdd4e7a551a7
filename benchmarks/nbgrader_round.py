"""A class's full round with nbgrader: `python -m benchmarks.nbgrader_round`.

For each part: generate and release the assignment, let students fetch and submit it, collect,
grade with `course grade`, export to the gradebook, release the feedback, and let students fetch it.
One student submits a broken notebook. Everybody must get a feedback page, the gradebook must have
the scores of record, and plain `nbgrader autograde`, without the course's settings, must give the
honest ones the same points. `--parts 1 3` takes only these.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from rich.console import Console
from rich.table import Table
from traitlets.config import Config

from authoring.assignments import configure
from authoring.notebooks import SOURCE
from grading import manifest
from grading.cli.grade_class import Request, run
from grading.exports import nbgrader as export
from grading.exports.command import kept
from grading.manifest import Course, Part

HONEST = ("right", "partly-right")
BROKEN = "broken"
CLASS = (*HONEST, BROKEN)


@dataclass(frozen=True)
class Graded:
    """One student's part.

    Attributes:
        record: points by `course grade`; None for an unreadable notebook.
        gradebook: the score that nbgrader shows after the export; None without a submission.
        autograde: points by plain `nbgrader autograde` alone; None if it was not run.
        page: the feedback that the student fetched; "" without a page.
    """

    part: int
    student: str
    record: int | None
    gradebook: float | None
    autograde: float | None
    page: str

    @property
    def fault(self) -> str | None:
        """Every violated expectation."""
        if f"Feedback for <bdi>{self.student}</bdi>" not in self.page:
            return "no page of feedback"
        if self.gradebook != self.record:
            return "the gradebook does not have the score of record"
        if self.autograde not in (None, self.record):
            return "other points by plain nbgrader autograde"
        return None


class Round:
    """nbgrader's folders: the teacher's course, the exchange, and a home for each student."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.homes, self.exchange = course, folder / "homes", folder / "exchange"
        self.folder = folder / "course"
        shutil.copytree(course.root / SOURCE, self.folder / "source")
        self.exchange.mkdir()
        self.exchange.chmod(0o777)  # as nbgrader requires
        plain = Config()
        plain.CourseDirectory.root = str(self.folder)
        plain.CourseDirectory.course_id = "movie-recommender"
        plain.Exchange.root = str(self.exchange)
        ours = Config(plain)
        configure(ours, self.folder)
        self.teacher, self.plain = NbGraderAPI(config=ours), NbGraderAPI(config=plain)

    def as_student(self, student: str, assignment: str, step: str) -> None:
        """Let a student run FetchAssignment, Submit or FetchFeedback."""
        home = self.homes / student
        home.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.CourseDirectory.course_id = "movie-recommender"
        config.CourseDirectory.assignment_id = assignment
        config.CourseDirectory.student_id = student
        config.Exchange.root = str(self.exchange)
        config.Exchange.cache = str(home / "cache")
        config.Exchange.assignment_dir = str(home)
        exchange = ExchangeFactory(config=config)
        coursedir, parent = CourseDirectory(config=config), NbGraderAPI(config=config)
        getattr(exchange, step)(
            coursedir=coursedir, authenticator=parent.authenticator, parent=parent
        ).start()

    def scores(self, part: Part) -> dict[str, float]:
        """Student → what nbgrader shows for a part."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", course_id="") as gradebook:
            try:
                submissions = gradebook.assignment_submissions(part.folder)
            except MissingEntry:
                return {}
            return {one.student.id: one.score for one in submissions}


def play(
    course: Course,
    part: Part,
    folder: Path,
    console: Console,
    autograded: Sequence[str] = HONEST,
) -> list[Graded]:
    """The whole round for one part, in a new folder.

    Args:
        autograded: students also graded by plain `nbgrader autograde`.

    Raises:
        RuntimeError: a step of nbgrader failed.
    """
    round_, name = Round(course, folder), part.folder
    with _programs_on_path():
        _done(round_.teacher.generate_assignment(name))
    _done(round_.teacher.release_assignment(name))
    solved = nbformat.read(round_.folder / "source" / part.notebook, as_version=4)
    for student in CLASS:
        round_.as_student(student, name, "FetchAssignment")
        path = round_.homes / student / part.notebook
        path.write_text(_worked_in(path, solved, student), encoding="utf-8")
        round_.as_student(student, name, "Submit")
    _done(round_.teacher.collect(name))
    for student in autograded:
        _done(round_.plain.autograde(name, student))
    by_autograde = round_.scores(part)
    request = Request(round_.folder / "submitted", round_.folder / "grades", jobs=1, seed=0)
    run(course, request, console)
    records = kept(round_.folder / "grades")
    for line in export.write(course, records, round_.folder / "gradebook.db", [part.number]):
        console.print(line, markup=False, soft_wrap=True)
    _done(round_.teacher.release_feedback(name))
    scores = round_.scores(part)
    found = []
    for record in records:
        student = record.student_id
        round_.as_student(student, name, "FetchFeedback")
        pages = (round_.homes / student / name / "feedback").glob(f"*/{name}.html")
        page = next((path.read_text(encoding="utf-8") for path in pages), "")
        score = record.score if record.status == "complete" else None
        found.append(
            Graded(
                part.number, student, score, scores.get(student), by_autograde.get(student), page
            )
        )
    return found


def _worked_in(path: Path, solved: NotebookNode, student: str) -> str:
    """The text of the fetched notebook after a student has edited it."""
    notebook = nbformat.read(path, as_version=4)
    answers = {_name(cell): cell.source for cell in solved.cells if _role(cell).get("solution")}
    if student != "right":
        answers.popitem()
    for cell in notebook.cells:
        cell.source = answers.get(_name(cell), cell.source)
    text = nbformat.writes(notebook)
    return text[:-200] if student == BROKEN else text


def _name(cell: NotebookNode) -> str | None:
    return _role(cell).get("grade_id")


def _role(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader", {})


def _done(result: dict[str, Any]) -> None:
    if not result["success"]:
        raise RuntimeError(result.get("error") or result.get("log"))


@contextmanager
def _programs_on_path() -> Iterator[None]:
    """Creating a gradebook needs Alembic, which nbgrader finds only on the path."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def main() -> int:
    """Print the table; exit code 1 if an expectation is violated."""
    course, console = manifest.load(), Console()
    parser = argparse.ArgumentParser(description=__doc__)
    numbers = [part.number for part in course.parts]
    parser.add_argument("--parts", type=int, nargs="+", default=numbers, help="default: all")
    arguments = parser.parse_args()
    table = Table(
        "part", "student", "course grade", "gradebook", "plain autograde", "page", "fault"
    )
    found: list[Graded] = []
    for number in arguments.parts:
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o711)  # workers run under other users
            started = time.perf_counter()
            found += play(course, course.part(number), Path(name), console)
            console.print(f"part {number}: {time.perf_counter() - started:.0f} s")
    for one in found:
        points = (str(one.record), str(one.gradebook), str(one.autograde))
        page = f"{len(one.page) / 1000:.0f} kB"
        table.add_row(str(one.part), one.student, *points, page, one.fault or "")
    console.print(table)
    faults = sum(one.fault is not None for one in found)
    console.print(json.dumps({"graded": len(found), "faults": faults}))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
