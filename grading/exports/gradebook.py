"""nbgrader's gradebook, through nbgrader: validate, back up, read and extend it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Base, Grade, Gradebook, MissingEntry, SubmittedNotebook
from sqlalchemy.exc import SQLAlchemyError

from grading.errors import UsageError


def refuse_other_files(path: Path) -> None:
    """Raise UsageError unless this is a gradebook: nbgrader accepts any database."""
    if not path.is_file():
        raise UsageError(
            f"there is no gradebook {path}; create it with: nbgrader generate_assignment"
        )
    try:
        with closing(_read_only(path)) as database:
            names = database.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        raise UsageError(f"{path} is not a gradebook that can be read ({error})") from error
    if missing := set(Base.metadata.tables) - {name for (name,) in names}:
        raise UsageError(
            f"{path} is not a gradebook of this nbgrader, as it has no table {min(missing)}; "
            "if it is of an older version, back it up and run: nbgrader db upgrade"
        )


@contextmanager
def opened(path: Path) -> Iterator[Gradebook]:
    """Open the gradebook; errors of nbgrader become UsageError."""
    try:
        # without an id: with the default one, nbgrader would add a course of that name
        with Gradebook(f"sqlite:///{path.resolve()}", course_id="") as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise UsageError(
            f"nbgrader cannot work with the gradebook ({reason}); if it is of an older version, "
            "back it up and run: nbgrader db upgrade"
        ) from error


def back_up(path: Path) -> Path:
    """Copy a consistent snapshot of the gradebook to backups/ next to it."""
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    copy = path.parent / "backups" / f"{path.stem}-{time}{path.suffix}"
    try:
        copy.parent.mkdir(exist_ok=True)
        with closing(_read_only(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be backed up ({error}); nothing was written") from error
    return copy


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def max_points(gradebook: Gradebook, name: str) -> dict[str, float]:
    """Maximum score by test cell."""
    try:
        notebook = gradebook.find_notebook(name, name)
    except MissingEntry:
        raise UsageError(
            f"the gradebook has no assignment {name} with a notebook {name}; make it with: "
            f"nbgrader generate_assignment {name}, or name the parts to write: --part 1 --part 2"
        ) from None
    return {cell.name: float(cell.max_score) for cell in notebook.grade_cells}


def submitted(gradebook: Gradebook, student: str, name: str) -> SubmittedNotebook | None:
    """The one notebook of a student's submission; None if nbgrader has none."""
    try:
        return gradebook.find_submission_notebook(name, name, student)
    except MissingEntry:
        return None


def submit(
    gradebook: Gradebook, student: str, name: str, time: datetime | None
) -> SubmittedNotebook:
    """Create a submission, and the student if nbgrader does not know the id."""
    gradebook.update_or_create_student(student)
    with suppress(MissingEntry):  # autograde found the folder without the notebook
        gradebook.remove_submission(name, student)
    times = {"timestamp": time.astimezone(UTC).replace(tzinfo=None)} if time else {}
    with (
        gradebook.db.no_autoflush
    ):  # nbgrader queries cells before it is done, which makes SQLAlchemy warn
        gradebook.add_submission(name, student, **times)
    return gradebook.find_submission_notebook(name, name, student)


def write_scores(notebook: SubmittedNotebook, scores: Mapping[str, int]) -> Iterator[str]:
    """Set the manual scores of test cells; yields those that a person had graded, and how."""
    ids = {cell.name: cell.id for cell in notebook.notebook.grade_cells}
    grades = {grade.cell_id: grade for grade in notebook.grades}
    for cell, score in scores.items():
        grade = grades.get(ids[cell])
        if grade is None:  # the submission is older than this cell
            grade = Grade(cell_id=ids[cell])
            notebook.grades.append(grade)
        place = f"{cell} of {notebook.student.id}"
        if grade.manual_score not in (None, score):
            yield f"{place} ({score}, not {grade.manual_score:g})"
        if grade.extra_credit:
            yield f"{place} (and {grade.extra_credit:g} extra credit)"
        grade.manual_score = float(score)
        grade.needs_manual_grade = False  # autograde sets it on cells with a manual score
