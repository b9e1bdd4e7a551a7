"""The points of records as scores in nbgrader's gradebook, and pages in its feedback folder."""

import csv
import shutil
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grading.errors import UsageError
from tests.records import BONUS, HIDDEN, record, task

pytest.importorskip("nbgrader")

from click.testing import Result
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import SaveAutoGrades
from typer.testing import CliRunner

from grading import manifest
from grading.batch import records
from grading.batch.adjustments import Adjustments, Override
from grading.batch.records import CheckRecord, Record, TaskRecord
from grading.cli import app
from grading.exports import nbgrader
from tests.courses import ROOT

TABLES, PAIR, ONE, FIT = (
    "test-3-1-two_tables",
    "test-3-2-one_per_pair",
    "test-3-2-one_pair",
    "test-4-1-fit",
)
POINTS = {TABLES: 2, PAIR: 3, ONE: 1, FIT: 4}


def of(student: str, *states: Any, **changes: Any) -> Record:
    """A record with two tasks of part 3 and one of part 4, with four checks in these states."""
    two, pair, one, fit = states
    tasks = (
        _task("3.1", CheckRecord("test_two_tables", 2, two)),
        _task(
            "3.2", CheckRecord("test_one_per_pair", 3, pair), CheckRecord("test_one_pair", 1, one)
        ),
        _task("4.1", CheckRecord("test_fit", 4, fit)),
    )
    return record(student, tasks, **changes)


def _task(id_: str, *checks: CheckRecord) -> TaskRecord:
    score = sum(check.points for check in checks if check.state == "passed")
    total = sum(check.points for check in checks)
    return task(id_, checks[0].state, score, max_score=total, checks=checks)


ALL, NONE = ["passed"] * 4, ["missing"] * 4


@pytest.fixture
def path(tmp_path: Path, fresh: Path) -> Path:
    """A gradebook with the parts 3 and 4, and ada's submission of part 3, which earned 2 of 6."""
    (tmp_path / "course").mkdir()
    return shutil.copy(fresh, tmp_path / "course" / "gradebook.db")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nbgrader") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "head")  # it starts a program
        gradebook = Gradebook(f"sqlite:///{path}", course_id="movies")
    with gradebook:
        for part, cells in (("part3", (TABLES, PAIR, ONE)), ("part4", (FIT,))):
            gradebook.add_assignment(part)
            gradebook.add_notebook(part, part)
            for cell in cells:
                gradebook.add_grade_cell(cell, part, part, max_score=POINTS[cell], cell_type="code")
        gradebook.add_student("ada")
        with gradebook.db.no_autoflush:
            gradebook.add_submission("part3", "ada")
        for cell, score in ((TABLES, 2), (PAIR, 0), (ONE, 0)):
            grade = gradebook.find_grade(cell, "part3", "part3", "ada")
            grade.auto_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()
    return path


@contextmanager
def opened(path: Path) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{path}", course_id="") as gradebook:
        yield gradebook


def scores(path: Path) -> dict[tuple[str, str], float]:
    """By student and assignment, what nbgrader shows."""
    with opened(path) as gradebook:
        return {
            (one.student.id, one.assignment.name): one.score
            for name in ("part3", "part4")
            for one in gradebook.assignment_submissions(name)
        }


def exported(path: Path) -> dict[tuple[str, str], str]:
    """The raw scores that `nbgrader export` writes."""
    out = path.with_name("grades.csv")
    with opened(path) as gradebook:
        CsvExportPlugin(to=str(out)).export(gradebook)
    with out.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {(row["student_id"], row["assignment"]): row["raw_score"] for row in rows}


def autograde_again(path: Path, cell: str, *, fails: bool) -> None:
    """What the end of `nbgrader autograde` does with the outputs of a notebook."""
    one = new_code_cell("assert True")
    flags = {"grade": True, "locked": True, "solution": False}
    one.metadata["nbgrader"] = {"grade_id": cell, "points": POINTS[cell], **flags}
    if fails:
        one.outputs = [new_output("error", ename="E", evalue="", traceback=[])]
    names = {"notebook": "part3", "assignment": "part3", "student": "ada"}
    resources = {"nbgrader": {**names, "db_url": f"sqlite:///{path}"}}
    SaveAutoGrades().preprocess(new_notebook(cells=[one]), resources)


def everything(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def write(path: Path, *found: Record, parts: Sequence[int] = ()) -> list[str]:
    """Write the records; returns what is printed."""
    return list(nbgrader.write(manifest.load(ROOT), found, path, parts))


# Writing


@pytest.mark.parametrize(
    ("points", "check", "scores"),
    [
        (4, None, {PAIR: 3, ONE: 1}),
        (3, None, {PAIR: 2, ONE: 1}),
        (0, None, {PAIR: 0, ONE: 0}),
        (2, "one per pair", {PAIR: 2, ONE: 1}),
        (0, "one pair", {PAIR: 0, ONE: 0}),
    ],
)
def test_the_points_that_an_instructor_gives_a_task_are_spread_over_its_cells(
    points: int, check: str | None, scores: dict[str, int]
) -> None:
    by_hand = Adjustments((Override("ada", "3.2", check, points, "Because."),))
    record = of("ada", "passed", "wrong", "passed", "wrong")
    cells = nbgrader.points_by_cell(record, by_hand)[3]
    assert {cell: score for cell, (score, _) in cells.items()} == {TABLES: 2, **scores}


def test_each_checks_points_are_the_score_that_nbgrader_shows(path: Path) -> None:
    ada = of("ada", "passed", "wrong", "passed", "missing")
    lines = write(path, ada)
    assert scores(path) == {("ada", "part3"): 3.0}
    assert exported(path)["ada", "part3"] == "3.0"
    with opened(path) as gradebook:
        [grades] = [one.grades for one in gradebook.notebook_submissions("part3", "part3")]
        assert {one.name: one.score for one in grades} == {TABLES: 2, PAIR: 0, ONE: 1}
        assert not any(one.needs_manual_grade for one in grades)
    assert lines[1] == f"wrote {path}: 3 scores of 1 student"


def test_the_score_survives_another_run_of_autograde(path: Path) -> None:
    ada = of("ada", "passed", "wrong", "passed", "missing")
    write(path, ada)
    autograde_again(path, TABLES, fails=True)
    autograde_again(path, PAIR, fails=False)
    assert exported(path)["ada", "part3"] == "3.0"
    write(path, ada)
    with opened(path) as gradebook:
        grade = gradebook.find_grade(PAIR, "part3", "part3", "ada")
        assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (3, 0, False)


def test_students_and_submissions_that_are_missing_are_created(path: Path) -> None:
    handed_in = "2026-03-02T12:00:00+02:00"
    sources = {"ada": "list", "bob": "list", "carl": "file time"}
    people = [of(name, *ALL, submitted=handed_in, submitted_by=by) for name, by in sources.items()]
    write(path, *people)
    earned = (("part3", 6.0), ("part4", 4.0))
    assert scores(path) == {(name, part): score for name in sources for part, score in earned}
    with opened(path) as gradebook:
        assert str(gradebook.find_submission("part3", "bob").timestamp) == "2026-03-02 10:00:00"
        assert gradebook.find_submission("part3", "ada").timestamp is None
        assert gradebook.find_submission("part3", "carl").timestamp is None  # a file's time only
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id FROM course").fetchall() == [("movies",)]


def test_a_part_that_was_not_handed_in_gets_no_submission(path: Path) -> None:
    write(path, of("ada", *NONE), of("bob", *NONE))
    assert scores(path) == {("ada", "part3"): 0.0}  # as nbgrader has one of hers


def test_a_second_time_nothing_changes(path: Path) -> None:
    ada = of("ada", "passed", "wrong", "passed", "passed")
    write(path, ada)
    before = everything(path)
    write(path, ada)
    assert everything(path) == before


def test_an_accented_name_is_the_same_student_however_it_is_written(path: Path) -> None:
    """A zip made on a Mac has the accent as a character of its own, and so has nbgrader's id."""
    decomposed = unicodedata.normalize("NFD", "josé")
    with opened(path) as gradebook:
        gradebook.add_student(decomposed)
        with gradebook.db.no_autoflush:
            gradebook.add_submission("part3", decomposed)
    record = of("josé", "passed", "passed", "passed", "missing")
    write(path, record, parts=[3])
    assert scores(path)[decomposed, "part3"] == 6
    with opened(path) as gradebook:
        assert [one.id for one in gradebook.students if one.id != "ada"] == [decomposed]


def test_other_manual_scores_are_replaced_and_extra_credit_stays(path: Path) -> None:
    with opened(path) as gradebook:
        gradebook.find_grade(PAIR, "part3", "part3", "ada").manual_score = 1.5
        gradebook.find_grade(ONE, "part3", "part3", "ada").extra_credit = 0.5
        gradebook.db.commit()
    ada = of("ada", "passed", "passed", "passed", "missing")
    lines = write(path, ada)
    by_hand = f"{PAIR} of ada (3, not 1.5) and {ONE} of ada (and 0.5 extra credit)"
    assert f"where somebody had graded by hand: {by_hand}" in lines
    assert scores(path) == {("ada", "part3"): 6.5}


def test_the_gradebook_is_kept_as_it_was(path: Path) -> None:
    before = everything(path)
    [line, *_] = write(path, of("ada", *ALL))
    [backup] = (path.parent / "backups").iterdir()
    assert line == f"kept the gradebook as it was in {backup}"
    assert everything(backup) == before != everything(path)


def test_records_that_are_not_complete_get_no_score_and_are_reported(path: Path) -> None:
    before = everything(path)
    ada = of("ada", *ALL, status="incomplete", reason="the grader failed")
    cy = record("cy", status="missing", reason="nothing was handed in", tasks=())
    lines = write(path, ada, cy)
    assert "NO SCORE: ada, whose record is incomplete: the grader failed" in lines
    assert "handed in nothing, so no score is written: cy" in lines
    assert everything(path) == before


def test_hidden_checks_are_reported(path: Path) -> None:
    ada = of("ada", *ALL, hidden=HIDDEN)
    assert write(path, ada)[-1] == (
        "hidden checks have no cells, so their points are not in nbgrader: 1 records"
    )


def test_only_some_parts_may_be_written(path: Path) -> None:
    with opened(path) as gradebook:
        gradebook.remove_assignment("part4")
    for part in ("part3", "part4"):
        (path.parent / "submitted" / "ada" / part).mkdir(parents=True)
    write(path, of("ada", *ALL), parts=[3])
    assert scores(path) == {("ada", "part3"): 6.0}
    assert [page.name for page in (path.parent / "feedback").rglob("*.html")] == ["part3.html"]


# What does not fit


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda book: book.remove_assignment("part4"), "no assignment part4"),
        (
            lambda book: book.remove_notebook("part4", "part4"),
            "no assignment part4 with a notebook part4",
        ),
        (
            lambda book: setattr(book.find_grade_cell(FIT, "part4", "part4"), "name", "other"),
            'has no test cell "test-4-1-fit"',
        ),
        (
            lambda book: setattr(book.find_grade_cell(FIT, "part4", "part4"), "max_score", 5),
            "worth 5 points in the gradebook and 4 in the records",
        ),
    ],
    ids=["no assignment", "no notebook", "another cell", "other points"],
)
def test_a_gradebook_of_another_course_is_refused_before_anything_is_written(
    change: Callable[[Gradebook], None], words: str, path: Path
) -> None:
    with opened(path) as gradebook:
        change(gradebook)
        gradebook.db.commit()
    before = everything(path)
    ada = of("ada", *ALL)
    with pytest.raises(UsageError, match=words):
        write(path, ada)
    assert everything(path) == before
    assert not (path.parent / "backups").exists()


def test_a_submission_gets_scores_for_cells_that_are_newer(path: Path) -> None:
    with opened(path) as gradebook:
        gradebook.db.delete(gradebook.find_grade(ONE, "part3", "part3", "ada"))
        gradebook.db.commit()
    write(path, of("ada", *ALL))
    assert scores(path)["ada", "part3"] == 6


def test_a_submission_without_its_notebook_gets_scores(path: Path) -> None:
    with opened(path) as gradebook:
        gradebook.remove_submission_notebook("part3", "part3", "ada")
    write(path, of("ada", *ALL))
    assert scores(path)["ada", "part3"] == 6


def test_other_files_are_refused(path: Path, tmp_path: Path) -> None:
    ada = of("ada", *ALL)
    text, other = tmp_path / "text.db", tmp_path / "other.db"
    text.write_text("no database" * 1000)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    old = tmp_path / "old.db"
    with sqlite3.connect(old) as connection:
        connection.execute("CREATE TABLE submitted_assignment (id)")
        connection.execute("CREATE TABLE assignment (id)")
    for file, words in (
        (tmp_path / "none.db", "there is no gradebook"),
        (text, "is not a gradebook that can be read"),
        (other, "is not a gradebook of this nbgrader"),
        (old, "nbgrader db upgrade"),
    ):
        with pytest.raises(UsageError, match=words):
            write(file, ada)
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(UsageError, match="no record has a part 9"):
        write(path, ada, parts=[9])


# Feedback


def collect(path: Path, student: str, **files: str) -> None:
    """What `nbgrader collect` leaves of one student's part 3."""
    folder = path.parent / "submitted" / student / "part3"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_bytes(text.encode("latin-1"))


def feedback(path: Path, student: str) -> dict[str, str]:
    folder = path.parent / "feedback" / student / "part3"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_each_student_gets_a_page_about_the_part_with_what_nbgrader_needs_to_release_it(
    path: Path,
) -> None:
    collect(path, "ada", submission_secret="5ec2e7", timestamp="2026-03-02 10:00:00 UTC")
    ada = of("ada", "passed", "wrong", "passed", "passed")
    assert f"wrote {path.parent / 'feedback'}: 1 page" in write(path, ada)
    found = feedback(path, "ada")
    page = found.pop("part3.html")
    assert found == {"submission_secret.txt": "5ec2e7", "timestamp.txt": "2026-03-02 10:00:00 UTC"}
    assert "Feedback for <bdi>ada</bdi>" in page
    assert "3 of 6 points" in page
    assert "Part 4" not in page


def test_on_the_page_of_an_optional_part_the_bonus_is_the_score(path: Path) -> None:
    with opened(path) as gradebook:
        gradebook.add_assignment("part7")
        gradebook.add_notebook("part7", "part7")
    (path.parent / "submitted" / "ada" / "part7").mkdir(parents=True)
    write(path, record("ada", BONUS))
    page = path.parent / "feedback" / "ada" / "part7" / "part7.html"
    assert '<p class="score">4 of 7 points</p>' in page.read_text(encoding="utf-8")


def test_a_student_without_a_usable_secret_does_not_stop_release_feedback(path: Path) -> None:
    """It reads both files as text and fails for the class where one is missing or empty."""
    collect(path, "ada")
    collect(path, "bob", submission_secret="\xff", timestamp="\xff")
    people = [of(name, *ALL) for name in ("ada", "bob")]
    told = "not handed in with nbgrader submit, so nbgrader fetch_feedback cannot find the page: "
    assert f"{told}ada and bob" in write(path, *people)
    first = feedback(path, "ada")["submission_secret.txt"]
    assert first.isalnum() and first != feedback(path, "bob")["submission_secret.txt"]
    assert feedback(path, "bob")["timestamp.txt"] == ""
    write(path, *people)
    assert feedback(path, "ada")["submission_secret.txt"] == first


def test_a_link_among_the_collected_files_is_not_followed(path: Path, tmp_path: Path) -> None:
    collect(path, "ada")
    (tmp_path / "password").write_text("letmein")
    secret = path.parent / "submitted" / "ada" / "part3" / "submission_secret.txt"
    secret.symlink_to(tmp_path / "password")
    write(path, of("ada", *ALL))
    assert feedback(path, "ada")["submission_secret.txt"] != "letmein"


def test_work_that_cannot_be_graded_gets_a_page_and_work_that_earned_nothing_a_zero(
    path: Path,
) -> None:
    collect(path, "eve", submission_secret="1")
    collect(path, "bob", submission_secret="2", timestamp="2026-03-02 12:00:00.5 Europe/Berlin")
    eve = record("eve", status="ungradable", reason="the folder is empty", tasks=())
    later = "2026-04-01T10:00:00+00:00"  # of another part
    bob = of("bob", *NONE, submitted=later, submitted_by="nbgrader")
    write(path, eve, bob)
    with opened(path) as gradebook:
        assert (
            str(gradebook.find_submission("part3", "bob").timestamp) == "2026-03-02 11:00:00.500000"
        )
    assert "could not be graded" in feedback(path, "eve")["part3.html"]
    assert scores(path) == {("ada", "part3"): 2.0, ("bob", "part3"): 0.0}


# The command


def export_command(*arguments: object) -> Result:
    result = CliRunner().invoke(app, ["export", "nbgrader", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def grades(tmp_path: Path) -> Path:
    ada: Any = of("ada", "passed", "passed", "wrong", "missing")
    records.write(ada, tmp_path / "grades" / "records" / "ada.json")
    return tmp_path / "grades"


def test_the_command_writes(path: Path, grades: Path) -> None:
    result = export_command(grades, path)
    assert result.exit_code == 0
    assert "3 scores of 1 student" in result.output
    assert scores(path) == {("ada", "part3"): 5.0}


def test_what_does_not_fit_is_told_in_one_sentence(path: Path, grades: Path) -> None:
    for arguments, words in (
        ([grades, path.with_name("none.db")], "there is no gradebook"),
        ([path.parent, path], "there are no records"),
        ([grades, path, "--part", 9], "no record has a part 9"),
    ):
        result = export_command(*arguments)
        assert result.exit_code == 1
        assert words in result.output
    assert "Points are written as earned" in export_command("--help").output
