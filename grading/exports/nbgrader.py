"""The points of every check, as the scores of record in the gradebook of nbgrader.

The points of a check become the *manual* score of its cell. What nbgrader 0.9 does with the two
scores of a cell decides for that one:

- `nbgrader export`, formgrader and the feedback show the manual score where there is one, else the
  automatic one.
- `nbgrader autograde` writes the automatic score of every test cell anew, and never the manual one.
  So a manual score is still what they show after the next run, and an automatic score that was
  written here would be gone.
- Each run of autograde also sets `needs_manual_grade` on cells with a manual score, as a human may
  want to look again. It is cleared here, as no human has to: `course export nbgrader` once more
  after autograde clears it again. It changes no score.

Extra credit is a human's decision, is added by nbgrader to either score, and stays. Late penalties
are nbgrader's own business: points are written as they were earned.
"""

import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.batch.names import listed
from grading.batch.records import Record, part_of
from grading.exports.errors import ExportError
from grading.nbgrader.gradebook import back_up, copy_database

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class CellPoints:
    """What a check earned, and the cell of nbgrader's notebooks that it is."""

    part: int
    cell: str
    points: int
    max_points: int


@dataclass(frozen=True)
class Disagreement:
    """A check that has other points in nbgrader than in the record.

    Attributes:
        check: the cell; None for a part that was handed in and that nbgrader has no submission of.
        nbgrader: without extra credit; None where nbgrader has no score.
    """

    student: str
    part: int
    check: str | None
    nbgrader: float | None
    record: float


def cell_name(task_id: str, check: str) -> str:
    """Such as test-3-2-forward_of_one_pair, of test_forward_of_one_pair of task 3.2."""
    return f"test-{task_id.replace('.', '-')}-{check.removeprefix('test_')}"


def check_of(cell: str) -> str:
    """The check that a cell of this name is, such as test_forward_of_one_pair."""
    return "test_" + cell.split("-", 3)[3]


def assignment_name(part: int) -> str:
    """The name of a part's assignment, and of the one notebook in it."""
    return f"part{part}"


def cell_points(record: Record) -> dict[int, list[CellPoints]]:
    """By part, what each check of a record earned. Hidden checks have no cell."""
    found: dict[int, list[CellPoints]] = {}
    for task in record.tasks:
        part = part_of(task.id)
        found.setdefault(part, []).extend(
            CellPoints(
                part,
                cell_name(task.id, check.name),
                check.points if check.state == "passed" else 0,
                check.points,
            )
            for check in task.checks
        )
    return found


def write(records: Sequence[Record], path: Path, parts: Sequence[int] = ()) -> Iterator[str]:
    """Write the points into a gradebook, and say in lines what was done.

    Students and submissions that nbgrader does not have are created. Nothing is written for a part
    that was not handed in and that nbgrader has no submission of, nor of a record that is not
    complete.

    Args:
        parts: only these; none: all that the records have.

    Raises:
        ExportError: the file is no gradebook, or its assignments do not fit the records; nothing
            was written then.
    """
    good = [record for record in records if record.status == "complete"]
    with _copy(path) as copy, _opened(copy) as gradebook:
        _refuse_misfits(gradebook, good, parts)
    try:
        backup = back_up(path)
    except (sqlite3.Error, OSError) as error:
        raise ExportError(f"{path} cannot be backed up ({error}); nothing was written") from error
    with _opened(path) as gradebook:
        done = _Done()
        for record in _with_ids_of(gradebook, good):
            _write_record(gradebook, record, parts, done)
        gradebook.db.commit()
    yield f"kept the gradebook as it was in {backup}"
    yield (
        f"wrote {path}: {done.cells} scores of {_counted(len(done.students), 'student')}, "
        f"{done.changed} of them new"
    )
    for names, words in (
        (done.new_students, "students that nbgrader did not have"),
        (done.new_submissions, "submissions that nbgrader did not have"),
        (done.replaced, "manual scores that were others"),
        (done.extra_credit, "extra credit that stays on top"),
    ):
        if names:
            yield f"{words}: {listed(names)}"
    yield from _notes(records, parts)


def compare(
    records: Sequence[Record], path: Path, parts: Sequence[int] = ()
) -> tuple[list[Disagreement], list[str]]:
    """Where nbgrader has other points than the records, and what else to know. Nothing is written.

    Raises:
        ExportError: as for `write`.
    """
    good = [record for record in records if record.status == "complete"]
    found: list[Disagreement] = []
    with _copy(path) as copy, _opened(copy) as gradebook:
        _refuse_misfits(gradebook, good, parts)
        for record in _with_ids_of(gradebook, good):
            for part, cells in _chosen(record, parts):
                grades = _grades(gradebook, record.student_id, part)
                if grades is None:
                    if not _not_handed_in(record, part):
                        points = sum(cell.points for cell in cells)
                        found.append(Disagreement(record.student_id, part, None, None, points))
                    continue
                for cell in cells:
                    score = _score(_grade(grades, record.student_id, cell))
                    if score != cell.points:
                        found.append(
                            Disagreement(record.student_id, part, cell.cell, score, cell.points)
                        )
        known = {record.student_id for record in _with_ids_of(gradebook, records)}
        others = sorted({student.id for student in gradebook.students} - known)
    notes = list(_notes(records, parts))
    if others:
        notes.append(f"in the gradebook, but without a record: {listed(others)}")
    return found, notes


def table(disagreements: Iterable[Disagreement]) -> Iterator[str]:
    """The disagreements as the lines of a table."""
    rows = [("student", "part", "check", "nbgrader", "record")]
    rows += [
        (
            one.student,
            str(one.part),
            one.check or "(no submission)",
            "none" if one.nbgrader is None else f"{one.nbgrader:g}",
            f"{one.record:g}",
        )
        for one in disagreements
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for *texts, nbgrader, record in rows:
        left = "  ".join(text.ljust(width) for text, width in zip(texts, widths[:3], strict=True))
        yield f"{left}  {nbgrader.rjust(widths[3])}  {record.rjust(widths[4])}"


# The gradebook


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    """A copy of the gradebook that may be written in, for as long as the block runs."""
    if not path.is_file():
        raise ExportError(
            f"there is no gradebook {path}; nbgrader makes one with: nbgrader generate_assignment"
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "gradebook.db"
        try:
            copy_database(path, copy)
            with closing(sqlite3.connect(copy)) as database:
                names = database.execute("SELECT name FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            raise ExportError(f"{path} is not a gradebook that can be read ({error})") from error
        if ("submitted_assignment",) not in names:
            raise ExportError(f"{path} is a database, but not a gradebook of nbgrader")
        yield copy


@contextmanager
def _opened(path: Path) -> "Iterator[Gradebook]":
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    try:
        # without an id, as with the default one nbgrader would add a course of that name
        with Gradebook(f"sqlite:///{path.resolve()}", course_id="") as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ExportError(
            f"nbgrader cannot work with the gradebook ({reason}); if it is of an older version, "
            "back it up and run: nbgrader db upgrade"
        ) from error


def _with_ids_of(gradebook: "Gradebook", records: Iterable[Record]) -> list[Record]:
    """The records under the ids that nbgrader has: an accented name can be written in two ways, and
    records have the composed one."""
    ids = {unicodedata.normalize("NFC", student.id): student.id for student in gradebook.students}
    return [
        replace(record, student_id=ids.get(record.student_id, record.student_id))
        for record in records
    ]


def _refuse_misfits(
    gradebook: "Gradebook", records: Sequence[Record], parts: Sequence[int]
) -> None:
    """Raise ExportError unless each check of the records is a cell worth the same points."""
    wanted: dict[CellPoints, None] = {}
    for record in records:
        for _, cells in _chosen(record, parts):
            wanted |= {CellPoints(cell.part, cell.cell, 0, cell.max_points): None for cell in cells}
    if unknown := set(parts) - {cell.part for cell in wanted}:
        raise ExportError(f"no record has a part {min(unknown)}")
    known = {part: _max_points(gradebook, part) for part in {cell.part for cell in wanted}}
    for cell in wanted:
        name = assignment_name(cell.part)
        there = known[cell.part]
        if cell.cell not in there:
            raise ExportError(
                f'notebook {name} of the gradebook has no test cell "{cell.cell}"; '
                f"generate it anew with: nbgrader generate_assignment {name} --force"
            )
        if there[cell.cell] != cell.max_points:
            raise ExportError(
                f'"{cell.cell}" is worth {there[cell.cell]:g} points in the gradebook and '
                f"{cell.max_points} in the records; grade and generate with the same course"
            )


def _max_points(gradebook: "Gradebook", part: int) -> dict[str, float]:
    """By test cell, what it is worth."""
    from nbgrader.api import MissingEntry

    name = assignment_name(part)
    try:
        notebook = gradebook.find_notebook(name, name)
    except MissingEntry:
        try:
            gradebook.find_assignment(name)
        except MissingEntry:
            raise ExportError(
                f"the gradebook has no assignment {name}; make it with: nbgrader "
                f"generate_assignment {name}, or name the parts to write, as in --part 1 --part 2"
            ) from None
        raise ExportError(f"assignment {name} of the gradebook has no notebook {name}") from None
    return {cell.name: float(cell.max_score) for cell in notebook.grade_cells}


def _grades(gradebook: "Gradebook", student: str, part: int) -> dict[str, Any] | None:
    """By cell, the grades of one notebook that was handed in; None where there is no submission."""
    from nbgrader.api import MissingEntry

    try:
        submission = gradebook.find_submission(assignment_name(part), student)
    except MissingEntry:
        return None
    return {
        grade.name: grade
        for notebook in submission.notebooks
        if notebook.name == assignment_name(part)
        for grade in notebook.grades
    }


def _grade(grades: dict[str, Any], student: str, cell: CellPoints) -> Any:
    if cell.cell not in grades:
        raise ExportError(
            f"the submission of {student} for {assignment_name(cell.part)} is older than its test "
            f'cell "{cell.cell}"; grade it anew with: nbgrader autograde'
        )
    return grades[cell.cell]


def _score(grade: Any) -> float | None:
    """What nbgrader counts, without extra credit."""
    return grade.auto_score if grade.manual_score is None else grade.manual_score


# Writing


class _Done:
    """What was done, for the lines that say so."""

    def __init__(self) -> None:
        self.cells = 0
        self.changed = 0
        self.students: set[str] = set()
        self.new_students: list[str] = []
        self.new_submissions: list[str] = []
        self.replaced: list[str] = []
        self.extra_credit: list[str] = []


def _write_record(
    gradebook: "Gradebook", record: Record, parts: Sequence[int], done: _Done
) -> None:
    student = record.student_id
    for part, cells in _chosen(record, parts):
        grades = _grades(gradebook, student, part)
        if grades is None:
            if _not_handed_in(record, part):
                continue
            _create(gradebook, record, part, done)
            grades = _grades(gradebook, student, part) or {}
        done.students.add(student)
        for cell in cells:
            grade = _grade(grades, student, cell)
            place = f"{cell.cell} of {student}"
            if grade.manual_score not in (None, cell.points):
                done.replaced.append(f"{place} ({cell.points}, not {grade.manual_score:g})")
            if grade.extra_credit:
                done.extra_credit.append(f"{place} ({grade.extra_credit:g})")
            done.cells += 1
            done.changed += grade.manual_score != cell.points
            grade.manual_score = float(cell.points)
            grade.needs_manual_grade = False


def _create(gradebook: "Gradebook", record: Record, part: int, done: _Done) -> None:
    """Make the submission, and the student as well where nbgrader has none of that id."""
    from nbgrader.api import MissingEntry

    student = record.student_id
    try:
        gradebook.find_student(student)
    except MissingEntry:
        gradebook.add_student(student)
        done.new_students.append(student)
    handed_in = record.submitted and datetime.fromisoformat(record.submitted)
    times = {"timestamp": handed_in.astimezone(UTC).replace(tzinfo=None)} if handed_in else {}
    with gradebook.db.no_autoflush:  # nbgrader asks for cells half-way, which SQLAlchemy warns of
        gradebook.add_submission(assignment_name(part), student, **times)
    done.new_submissions.append(f"{assignment_name(part)} of {student}")


# Records


def _chosen(record: Record, parts: Sequence[int]) -> Iterator[tuple[int, list[CellPoints]]]:
    for part, cells in cell_points(record).items():
        if not parts or part in parts:
            yield part, cells


def _not_handed_in(record: Record, part: int) -> bool:
    tasks = [task for task in record.tasks if part_of(task.id) == part]
    return all(check.state == "missing" for task in tasks for check in task.checks)


def _notes(records: Iterable[Record], parts: Sequence[int]) -> Iterator[str]:
    """Which records have points that do not get into nbgrader, and why."""
    hidden = 0
    for record in records:
        if record.status != "complete":
            yield f"LEFT OUT: {record.student_id}, whose record is {record.status}: " + (
                record.reason or "no reason is given"
            )
        hidden += any(not parts or part_of(check.task) in parts for check in record.hidden)
    if hidden:
        yield f"hidden checks have no cells, so their points are not in nbgrader: {hidden} records"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
