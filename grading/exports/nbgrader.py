"""The points of every check as scores in nbgrader's gradebook, and pages for its feedback/.

The points of a check become the *manual* score of its test cell: `nbgrader export`, formgrader and
nbgrader's feedback show the manual score where there is one, and `nbgrader autograde` never writes
it. Extra credit is a human's decision, is added by nbgrader, and stays. Late penalties are
nbgrader's own: points are written as they were earned.

`nbgrader release_feedback` gives out feedback/<student>/<assignment>/<notebook>.html under a name
that it makes of submission_secret.txt beside it, which `nbgrader submit` made, and fails for the
whole class where that or timestamp.txt is missing or is not text.
"""

import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grading.backup import write_whole
from grading.batch.names import listed
from grading.batch.records import Record, part_of, points_by_part
from grading.batch.times import is_proof
from grading.exports.errors import ExportError
from grading.manifest import Course
from grading.reports.feedback import feedback_html

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedNotebook

MOST_OF_A_SECRET = 1000  # bytes; nbgrader's have 128


@dataclass(frozen=True)
class CellPoints:
    """A check as a test cell of nbgrader's notebooks, and what it earned."""

    part: int
    cell: str
    points: int
    max_points: int


@dataclass
class _Done:
    """What was written, for the lines that report it."""

    n_scores: int = 0
    students: set[str] = field(default_factory=set)
    new_students: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    extra_credit: list[str] = field(default_factory=list)


def cell_name(task_id: str, check: str) -> str:
    """Such as test-3-2-forward_of_one_pair, of test_forward_of_one_pair of task 3.2."""
    return f"test-{task_id.replace('.', '-')}-{check.removeprefix('test_')}"


def assignment_name(part: int) -> str:
    """The name of a part's assignment, and of the one notebook in it."""
    return f"part{part}"


def cell_points(record: Record) -> dict[int, list[CellPoints]]:
    """By part, what each check of a record earned. Hidden checks have no cell."""
    found: dict[int, list[CellPoints]] = {}
    for task in record.tasks:
        part = part_of(task.id)
        for check in task.checks:
            points = check.points if check.state == "passed" else 0
            cell = CellPoints(part, cell_name(task.id, check.name), points, check.points)
            found.setdefault(part, []).append(cell)
    return found


def write(
    course: Course, records: Sequence[Record], path: Path, parts: Sequence[int] = ()
) -> Iterator[str]:
    """Write scores into a gradebook and pages into feedback/ beside it; yields what to print.

    Students and submissions that nbgrader does not have are created. Nothing is written for a part
    that was not handed in, and no score of a record that is not complete. A page is written for
    each part that a student has in submitted/.

    Args:
        path: the gradebook.
        parts: only these; none: all that the records have.

    Raises:
        ExportError: the file is not a gradebook, or its assignments do not fit the records; nothing
            was written then.
    """
    complete = [record for record in records if record.status == "complete"]
    done = _Done()
    collected = _collected(course, path.parent / "submitted")
    _refuse_other_files(path)
    with _opened(path) as gradebook:
        _refuse_misfits(gradebook, complete, parts)
        backup = _back_up(path)
        known = {unicodedata.normalize("NFC", one.id): one.id for one in gradebook.students}
        for record in complete:
            # an accented name can be written in two ways, and records have the composed one
            as_known = replace(record, student_id=known.get(record.student_id, record.student_id))
            for part, cells in _chosen(record, parts):
                create = (record.student_id, part) in collected or _handed_in(record, part)
                notebook = _submitted(gradebook, as_known, part, create, done)
                if notebook is not None:
                    _write_scores(notebook, as_known.student_id, cells, done)
        gradebook.db.commit()
    yield f"kept the gradebook as it was in {backup}"
    yield f"wrote {path}: {done.n_scores} scores of {_counted(len(done.students), 'student')}"
    for names, words in (
        (done.new_students, "students that nbgrader did not have"),
        (done.replaced, "manual scores that were others"),
        (done.extra_credit, "extra credit that stays on top"),
    ):
        if names:
            yield f"{words}: {listed(names)}"
    yield from _write_pages(course, records, collected, path.parent / "feedback", parts)
    yield from _notes(records, parts)


# The gradebook


def _refuse_other_files(path: Path) -> None:
    """Raise ExportError unless this is a gradebook: nbgrader would make one of any database."""
    from nbgrader.api import Base

    if not path.is_file():
        raise ExportError(
            f"there is no gradebook {path}; nbgrader makes one with: nbgrader generate_assignment"
        )
    try:
        with closing(_read_only(path)) as database:
            names = database.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        raise ExportError(f"{path} is not a gradebook that can be read ({error})") from error
    if missing := set(Base.metadata.tables) - {name for (name,) in names}:
        raise ExportError(
            f"{path} is not a gradebook of this nbgrader, as it has no table {min(missing)}; "
            "if it is of an older version, back it up and run: nbgrader db upgrade"
        )


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


def _back_up(path: Path) -> Path:
    """Copy the gradebook into backups/ beside it, as it is at one moment."""
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    copy = path.parent / "backups" / f"{path.stem}-{time}{path.suffix}"
    try:
        copy.parent.mkdir(exist_ok=True)
        with closing(_read_only(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        raise ExportError(f"{path} cannot be backed up ({error}); nothing was written") from error
    return copy


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _refuse_misfits(
    gradebook: "Gradebook", records: Sequence[Record], parts: Sequence[int]
) -> None:
    """Raise ExportError unless each check of the records is a cell worth the same points."""
    wanted: dict[int, set[tuple[str, int]]] = {}
    for record in records:
        for part, cells in _chosen(record, parts):
            wanted.setdefault(part, set()).update((one.cell, one.max_points) for one in cells)
    if records and (unknown := set(parts) - wanted.keys()):
        raise ExportError(f"no record has a part {min(unknown)}")
    for part, checks in sorted(wanted.items()):
        name = assignment_name(part)
        there = _max_points(gradebook, name)
        for cell, points in sorted(checks):
            if cell not in there:
                raise ExportError(
                    f'notebook {name} of the gradebook has no test cell "{cell}"; '
                    f"generate it anew with: nbgrader generate_assignment {name} --force"
                )
            if there[cell] != points:
                raise ExportError(
                    f'"{cell}" is worth {there[cell]:g} points in the gradebook and '
                    f"{points} in the records; grade and generate with the same course"
                )


def _max_points(gradebook: "Gradebook", name: str) -> dict[str, float]:
    """By test cell, what it is worth."""
    from nbgrader.api import MissingEntry

    try:
        notebook = gradebook.find_notebook(name, name)
    except MissingEntry:
        raise ExportError(
            f"the gradebook has no assignment {name} with a notebook {name}; make it with: "
            f"nbgrader generate_assignment {name}, or name the parts to write: --part 1 --part 2"
        ) from None
    return {cell.name: float(cell.max_score) for cell in notebook.grade_cells}


def _submitted(
    gradebook: "Gradebook", record: Record, part: int, create: bool, done: _Done
) -> "SubmittedNotebook | None":
    """A student's notebook in the gradebook; where it is missing, a new one or None."""
    from nbgrader.api import MissingEntry

    name, student = assignment_name(part), record.student_id
    with suppress(MissingEntry):
        return gradebook.find_submission_notebook(name, name, student)
    if not create:
        return None
    try:
        gradebook.find_student(student)
    except MissingEntry:
        gradebook.add_student(student)
        done.new_students.append(student)
    with suppress(MissingEntry):  # autograde met the folder without the notebook
        gradebook.remove_submission(name, student)
    times = {}
    if record.submitted and is_proof(record.submitted_by):
        submitted = datetime.fromisoformat(record.submitted)
        times["timestamp"] = submitted.astimezone(UTC).replace(tzinfo=None)
    with gradebook.db.no_autoflush:  # nbgrader asks for cells half-way, which SQLAlchemy warns of
        gradebook.add_submission(name, student, **times)
    return gradebook.find_submission_notebook(name, name, student)


def _write_scores(
    notebook: "SubmittedNotebook", student: str, cells: Sequence[CellPoints], done: _Done
) -> None:
    from nbgrader.api import Grade

    ids = {cell.name: cell.id for cell in notebook.notebook.grade_cells}
    grades = {grade.cell_id: grade for grade in notebook.grades}
    for cell in cells:
        grade = grades.get(ids[cell.cell])
        if grade is None:  # the submission is older than this cell
            grade = Grade(cell_id=ids[cell.cell])
            notebook.grades.append(grade)
        place = f"{cell.cell} of {student}"
        if grade.manual_score not in (None, cell.points):
            done.replaced.append(f"{place} ({cell.points}, not {grade.manual_score:g})")
        if grade.extra_credit:
            done.extra_credit.append(f"{place} ({grade.extra_credit:g})")
        grade.manual_score = float(cell.points)
        grade.needs_manual_grade = False  # autograde sets it on cells with a manual score
    done.students.add(student)
    done.n_scores += len(cells)


# Feedback


def _collected(course: Course, submitted: Path) -> dict[tuple[str, int], Path]:
    """By student as records call them, and part: the folder that nbgrader collected."""
    numbers = {part.folder: part.number for part in course.parts}
    return {
        (unicodedata.normalize("NFC", folder.parent.name), numbers[folder.name]): folder
        for folder in sorted(submitted.glob("*/*"))
        if folder.name in numbers
    }


def _write_pages(
    course: Course,
    records: Sequence[Record],
    collected: Mapping[tuple[str, int], Path],
    feedback: Path,
    parts: Sequence[int],
) -> Iterator[str]:
    """A page for each part in submitted/, and beside it what `nbgrader release_feedback` needs."""
    by_student = {record.student_id: record for record in records}
    n_pages, without_secret = 0, []
    for (student, part), submitted in collected.items():
        if student not in by_student or (parts and part not in parts):
            continue
        target = feedback / submitted.parent.name / submitted.name
        page = target / f"{assignment_name(part)}.html"
        write_whole(page, feedback_html(course, of_part(by_student[student], part), None))
        page.chmod(0o644)  # release_feedback copies the mode, and students read the copy
        secret = _text(submitted / "submission_secret.txt")
        if not secret:  # one that nobody knows keeps the command from failing for the class
            without_secret.append(student)
            secret = _text(target / "submission_secret.txt") or secrets.token_hex()
        write_whole(target / "submission_secret.txt", secret)
        write_whole(target / "timestamp.txt", _text(submitted / "timestamp.txt"))
        n_pages += 1
    yield f"wrote {feedback}: {_counted(n_pages, 'page')}"
    if without_secret:
        yield (
            "not handed in with nbgrader submit, so nbgrader fetch_feedback cannot find the page: "
            + listed(list(dict.fromkeys(without_secret)))
        )


def of_part(record: Record, part: int) -> Record:
    """The record as if the course had this part only."""
    score, max_score = points_by_part(record).get(part, (0, 0))
    return replace(
        record,
        score=score,
        max_score=max_score,
        tasks=tuple(task for task in record.tasks if part_of(task.id) == part),
        hidden=tuple(check for check in record.hidden if part_of(check.task) == part),
    )


def _text(path: Path) -> str:
    """What a small file says; "" where there is none. A student may have written it."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(MOST_OF_A_SECRET).decode("ascii", errors="ignore")


# Records


def _chosen(record: Record, parts: Sequence[int]) -> Iterator[tuple[int, list[CellPoints]]]:
    for part, cells in cell_points(record).items():
        if not parts or part in parts:
            yield part, cells


def _handed_in(record: Record, part: int) -> bool:
    tasks = [task for task in record.tasks if part_of(task.id) == part]
    return any(check.state != "missing" for task in tasks for check in task.checks)


def _notes(records: Sequence[Record], parts: Sequence[int]) -> Iterator[str]:
    """Which records have points that do not get into nbgrader, and why."""
    for record in records:
        if record.status != "complete":
            reason = record.reason or "no reason is given"
            yield f"NO SCORE: {record.student_id}, whose record is {record.status}: {reason}"
    hidden = sum(
        any(not parts or part_of(check.task) in parts for check in record.hidden)
        for record in records
    )
    if hidden:
        yield f"hidden checks have no cells, so their points are not in nbgrader: {hidden} records"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
