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
from grading.batch.records import CheckRecord, HiddenRecord, Record, TaskRecord
from grading.cli import app
from grading.exports import nbgrader
from tests.courses import ROOT

MakeRecord = Callable[..., Record]
TABLES, PAIR, ONE, FIT = (
    "test-3-1-two_tables",
    "test-3-2-one_per_pair",
    "test-3-2-one_pair",
    "test-4-1-fit",
)
POINTS = {TABLES: 2, PAIR: 3, ONE: 1, FIT: 4}


def tasks(*states: str) -> tuple[TaskRecord, ...]:
    """Two tasks of part 3 and one of part 4, with four checks in these states."""
    two, pair, one, fit = states
    return (
        _task("3.1", CheckRecord("test_two_tables", 2, two)),  # type: ignore[arg-type]
        _task(
            "3.2",
            CheckRecord("test_one_per_pair", 3, pair),  # type: ignore[arg-type]
            CheckRecord("test_one_pair", 1, one),  # type: ignore[arg-type]
        ),
        _task("4.1", CheckRecord("test_fit", 4, fit)),  # type: ignore[arg-type]
    )


def _task(id_: str, *checks: CheckRecord) -> TaskRecord:
    score = sum(check.points for check in checks if check.state == "passed")
    total = sum(check.points for check in checks)
    return TaskRecord(id_, "", score, total, checks[0].state, "", None, 0.0, checks)


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


def write(found: Sequence[Record], path: Path, parts: Sequence[int] = ()) -> Iterator[str]:
    return nbgrader.write(manifest.load(ROOT), found, path, parts)


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
    make_record: MakeRecord, points: int, check: str | None, scores: dict[str, int]
) -> None:
    by_hand = Adjustments((Override("ada", "3.2", check, points, "Because."),))
    record = make_record(tasks=tasks("passed", "wrong", "passed", "wrong"))
    cells = nbgrader.points_by_cell(record, by_hand)[3]
    assert {cell: score for cell, (score, _) in cells.items()} == {TABLES: 2, **scores}


def test_each_checks_points_are_the_score_that_nbgrader_shows(
    path: Path, make_record: MakeRecord
) -> None:
    ada = make_record("ada", tasks=tasks("passed", "wrong", "passed", "missing"))
    lines = list(write([ada], path))
    assert scores(path) == {("ada", "part3"): 3.0}
    assert exported(path)["ada", "part3"] == "3.0"
    with opened(path) as gradebook:
        [grades] = [one.grades for one in gradebook.notebook_submissions("part3", "part3")]
        assert {one.name: one.score for one in grades} == {TABLES: 2, PAIR: 0, ONE: 1}
        assert not any(one.needs_manual_grade for one in grades)
    assert lines[1] == f"wrote {path}: 3 scores of 1 student"


def test_the_score_survives_another_run_of_autograde(path: Path, make_record: MakeRecord) -> None:
    ada = make_record("ada", tasks=tasks("passed", "wrong", "passed", "missing"))
    list(write([ada], path))
    autograde_again(path, TABLES, fails=True)
    autograde_again(path, PAIR, fails=False)
    assert exported(path)["ada", "part3"] == "3.0"
    list(write([ada], path))
    with opened(path) as gradebook:
        grade = gradebook.find_grade(PAIR, "part3", "part3", "ada")
        assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (3, 0, False)


def test_students_and_submissions_that_are_missing_are_created(
    path: Path, make_record: MakeRecord
) -> None:
    good = tasks("passed", "passed", "passed", "passed")
    handed_in = "2026-03-02T12:00:00+02:00"
    ada, bob, carl = (
        make_record(name, tasks=good, submitted=handed_in, submitted_by=by)
        for name, by in (("ada", "list"), ("bob", "list"), ("carl", "file time"))
    )
    people = [ada, bob, carl]
    list(write(people, path))
    assert scores(path) == {
        ("ada", "part3"): 6.0,
        ("bob", "part3"): 6.0,
        ("carl", "part3"): 6.0,
        ("ada", "part4"): 4.0,
        ("bob", "part4"): 4.0,
        ("carl", "part4"): 4.0,
    }
    with opened(path) as gradebook:
        assert str(gradebook.find_submission("part3", "bob").timestamp) == "2026-03-02 10:00:00"
        assert gradebook.find_submission("part3", "ada").timestamp is None
        assert gradebook.find_submission("part3", "carl").timestamp is None  # a file's time only
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id FROM course").fetchall() == [("movies",)]


def test_a_part_that_was_not_handed_in_gets_no_submission(
    path: Path, make_record: MakeRecord
) -> None:
    states = ("missing", "missing", "missing", "missing")
    list(write([make_record(name, tasks=tasks(*states)) for name in ("ada", "bob")], path))
    assert scores(path) == {("ada", "part3"): 0.0}  # as nbgrader has one of hers


def test_a_second_time_nothing_changes(path: Path, make_record: MakeRecord) -> None:
    ada = make_record("ada", tasks=tasks("passed", "wrong", "passed", "passed"))
    list(write([ada], path))
    before = everything(path)
    list(write([ada], path))
    assert everything(path) == before


def test_an_accented_name_is_the_same_student_however_it_is_written(
    path: Path, make_record: MakeRecord
) -> None:
    """A zip made on a Mac has the accent as a character of its own, and so has nbgrader's id."""
    decomposed = unicodedata.normalize("NFD", "josé")
    with opened(path) as gradebook:
        gradebook.add_student(decomposed)
        with gradebook.db.no_autoflush:
            gradebook.add_submission("part3", decomposed)
    record = make_record("josé", tasks=tasks("passed", "passed", "passed", "missing"))
    list(write([record], path, parts=[3]))
    assert scores(path)[decomposed, "part3"] == 6
    with opened(path) as gradebook:
        assert [one.id for one in gradebook.students if one.id != "ada"] == [decomposed]


def test_other_manual_scores_are_replaced_and_extra_credit_stays(
    path: Path, make_record: MakeRecord
) -> None:
    with opened(path) as gradebook:
        gradebook.find_grade(PAIR, "part3", "part3", "ada").manual_score = 1.5
        gradebook.find_grade(ONE, "part3", "part3", "ada").extra_credit = 0.5
        gradebook.db.commit()
    ada = make_record("ada", tasks=tasks("passed", "passed", "passed", "missing"))
    lines = list(write([ada], path))
    by_hand = f"{PAIR} of ada (3, not 1.5) and {ONE} of ada (and 0.5 extra credit)"
    assert f"where somebody had graded by hand: {by_hand}" in lines
    assert scores(path) == {("ada", "part3"): 6.5}


def test_the_gradebook_is_kept_as_it_was(path: Path, make_record: MakeRecord) -> None:
    before = everything(path)
    [line, *_] = write([make_record(tasks=tasks(*["passed"] * 4))], path)
    [backup] = (path.parent / "backups").iterdir()
    assert line == f"kept the gradebook as it was in {backup}"
    assert everything(backup) == before != everything(path)


def test_records_that_are_not_complete_get_no_score_and_are_reported(
    path: Path, make_record: MakeRecord
) -> None:
    before = everything(path)
    ada = make_record(
        "ada",
        status="incomplete",
        reason="the grader failed",
        tasks=tasks(*["passed"] * 4),
    )
    cy = make_record("cy", status="missing", reason="nothing was handed in", tasks=())
    lines = list(write([ada, cy], path))
    assert "NO SCORE: ada, whose record is incomplete: the grader failed" in lines
    assert "handed in nothing, so no score is written: cy" in lines
    assert everything(path) == before


def test_hidden_checks_are_reported(
    path: Path, make_record: MakeRecord, hidden: tuple[HiddenRecord, ...]
) -> None:
    ada = make_record("ada", tasks=tasks(*["passed"] * 4), hidden=hidden)
    assert list(write([ada], path))[-1] == (
        "hidden checks have no cells, so their points are not in nbgrader: 1 records"
    )


def test_only_some_parts_may_be_written(path: Path, make_record: MakeRecord) -> None:
    with opened(path) as gradebook:
        gradebook.remove_assignment("part4")
    ada = make_record("ada", tasks=tasks(*["passed"] * 4))
    list(write([ada], path, parts=[3]))
    assert scores(path) == {("ada", "part3"): 6.0}


# What does not fit


def _without_assignment(gradebook: Gradebook) -> None:
    gradebook.remove_assignment("part4")


def _without_notebook(gradebook: Gradebook) -> None:
    gradebook.remove_notebook("part4", "part4")


def _other_cell(gradebook: Gradebook) -> None:
    gradebook.find_grade_cell(FIT, "part4", "part4").name = "test-4-1-fits"
    gradebook.db.commit()


def _other_points(gradebook: Gradebook) -> None:
    gradebook.find_grade_cell(FIT, "part4", "part4").max_score = 5
    gradebook.db.commit()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without_assignment, "no assignment part4"),
        (_without_notebook, "no assignment part4 with a notebook part4"),
        (_other_cell, 'has no test cell "test-4-1-fit"'),
        (_other_points, "worth 5 points in the gradebook and 4 in the records"),
    ],
)
def test_a_gradebook_of_another_course_is_refused_before_anything_is_written(
    change: Callable[[Gradebook], None], words: str, path: Path, make_record: MakeRecord
) -> None:
    with opened(path) as gradebook:
        change(gradebook)
    before = everything(path)
    ada = make_record("ada", tasks=tasks(*["passed"] * 4))
    with pytest.raises(UsageError, match=words):
        list(write([ada], path))
    assert everything(path) == before
    assert not (path.parent / "backups").exists()


def test_a_submission_gets_scores_for_cells_that_are_newer(
    path: Path, make_record: MakeRecord
) -> None:
    with opened(path) as gradebook:
        gradebook.db.delete(gradebook.find_grade(ONE, "part3", "part3", "ada"))
        gradebook.db.commit()
    list(write([make_record("ada", tasks=tasks(*["passed"] * 4))], path))
    assert scores(path)["ada", "part3"] == 6


def test_a_submission_without_its_notebook_gets_scores(path: Path, make_record: MakeRecord) -> None:
    with opened(path) as gradebook:
        gradebook.remove_submission_notebook("part3", "part3", "ada")
    list(write([make_record("ada", tasks=tasks(*["passed"] * 4))], path))
    assert scores(path)["ada", "part3"] == 6


def test_other_files_are_refused(path: Path, tmp_path: Path, make_record: MakeRecord) -> None:
    ada = make_record("ada", tasks=tasks(*["passed"] * 4))
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
            list(write([ada], file))
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(UsageError, match="no record has a part 9"):
        list(write([ada], path, parts=[9]))


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
    path: Path, make_record: MakeRecord
) -> None:
    collect(path, "ada", submission_secret="5ec2e7", timestamp="2026-03-02 10:00:00 UTC")
    ada = make_record("ada", tasks=tasks("passed", "wrong", "passed", "passed"))
    assert f"wrote {path.parent / 'feedback'}: 1 page" in list(write([ada], path))
    found = feedback(path, "ada")
    page = found.pop("part3.html")
    assert found == {"submission_secret.txt": "5ec2e7", "timestamp.txt": "2026-03-02 10:00:00 UTC"}
    assert "Feedback for <bdi>ada</bdi>" in page
    assert "3 of 6 points" in page
    assert "Part 4" not in page


def test_a_student_without_a_usable_secret_does_not_stop_release_feedback(
    path: Path, make_record: MakeRecord
) -> None:
    """It reads both files as text and fails for the class where one is missing or empty."""
    collect(path, "ada")
    collect(path, "bob", submission_secret="\xff", timestamp="\xff")
    people = [make_record(name, tasks=tasks(*["passed"] * 4)) for name in ("ada", "bob")]
    told = "not handed in with nbgrader submit, so nbgrader fetch_feedback cannot find the page: "
    assert f"{told}ada and bob" in list(write(people, path))
    first = feedback(path, "ada")["submission_secret.txt"]
    assert first.isalnum() and first != feedback(path, "bob")["submission_secret.txt"]
    assert feedback(path, "bob")["timestamp.txt"] == ""
    list(write(people, path))
    assert feedback(path, "ada")["submission_secret.txt"] == first


def test_a_link_among_the_collected_files_is_not_followed(
    path: Path, tmp_path: Path, make_record: MakeRecord
) -> None:
    collect(path, "ada")
    (tmp_path / "password").write_text("letmein")
    secret = path.parent / "submitted" / "ada" / "part3" / "submission_secret.txt"
    secret.symlink_to(tmp_path / "password")
    list(write([make_record("ada", tasks=tasks(*["passed"] * 4))], path))
    assert feedback(path, "ada")["submission_secret.txt"] != "letmein"


def test_work_that_cannot_be_graded_gets_a_page_and_work_that_earned_nothing_a_zero(
    path: Path, make_record: MakeRecord
) -> None:
    collect(path, "eve", submission_secret="1")
    collect(path, "bob", submission_secret="2", timestamp="2026-03-02 12:00:00.5 Europe/Berlin")
    eve = make_record("eve", status="ungradable", reason="the folder is empty", tasks=())
    later = "2026-04-01T10:00:00+00:00"  # of another part
    bob = make_record(
        "bob", tasks=tasks(*["missing"] * 4), submitted=later, submitted_by="nbgrader"
    )
    list(write([eve, bob], path))
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
def grades(tmp_path: Path, make_record: MakeRecord) -> Path:
    ada: Any = make_record("ada", tasks=tasks("passed", "passed", "wrong", "missing"))
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
