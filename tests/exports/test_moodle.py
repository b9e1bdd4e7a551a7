"""Moodle's grading worksheet and the CSV of its gradebook."""

import html
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grading.batch import records
from grading.batch.adjustments import Adjustments, Comment, Override
from grading.batch.records import Record, TaskRecord
from grading.cli import app
from grading.errors import UsageError
from grading.exports.moodle import fill, short_feedback
from grading.spreadsheets import harmless

WORKSHEET = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 81","Ada Lovelace",s1,ada@example.org,Submitted,,100.00,Yes,"Monday, 2 March",-,
"Participant 82","Grace Hopper",s2,grace@example.org,Submitted,12.00,100.00,Yes,-,-,"<p>Fine</p>"
"Participant 83","Alan Turing",s3,Alan@example.org,Submitted,,100.00,No,-,-,
"""
GRADEBOOK = """\
"First name","Last name","ID number","Email address","Assignment: Recommender (Real)",Total
Ada,Lovelace,s1,ada@example.org,-,12
"""


def test_the_grade_and_the_feedback_change_and_every_other_byte_stays() -> None:
    done = fill(WORKSHEET, {"s1": 87.5}, {"s1": 'Well done, "Ada".', "s2": "not asked for"})
    expected = WORKSHEET.replace("Submitted,,100.00,Yes", "Submitted,87.5,100.00,Yes", 1)
    expected = expected.replace('2 March",-,\n', '2 March",-,"Well done, ""Ada""."\n')
    assert done.text == expected
    assert done.filled == ("s1",)
    assert done.without_score == ("s2", "s3")
    assert done.warnings == ()


@pytest.mark.parametrize(
    ("student", "column"),
    [
        ("s2", "ID number"),
        ("grace@example.org", "Email address"),
        ("Participant 82", "Identifier"),
    ],
)
def test_students_are_found_by_each_of_their_ids(student: str, column: str) -> None:
    done = fill(WORKSHEET, {student: 13})
    assert done.text == WORKSHEET.replace("12.00", "13")
    assert done.matched_by == (column,)


@pytest.mark.parametrize("name", ["Username", "Participant"])
def test_other_columns_that_moodle_has_serve_too(name: str) -> None:
    text = f"{name},Grade,Feedback comments\nada,,\n"
    assert fill(text, {"ada": 1}, {"ada": "x"}).text == f"{name},Grade,Feedback comments\nada,1,x\n"


def test_capitals_in_an_address_count() -> None:
    done = fill(WORKSHEET, {"alan@example.org": 1, "s1": 1})
    assert done.not_in_file == ("alan@example.org",)


def test_who_came_by_moodle_is_found_by_the_identifier() -> None:
    ids = {"Ada Lovelace_81": "Participant 81"}
    done = fill(WORKSHEET, {"Ada Lovelace_81": 50}, platform_ids=ids)
    assert (done.filled, done.matched_by) == (("Ada Lovelace_81",), ("Identifier",))


def test_a_worksheet_in_which_nobody_is_found_ends_with_1_and_writes_nothing(
    tmp_path: Path, make_record: Callable[..., Record]
) -> None:
    record = make_record("ada", platform_id="Participant 9")
    records.write(record, tmp_path / "grades" / "records" / "ada.json")
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    places = [str(tmp_path / name) for name in ("grades", "worksheet.csv", "filled.csv")]
    result = CliRunner().invoke(app, ["export", "moodle", *places[:2], "--out", places[2]])
    assert result.exit_code == 1
    assert "nobody who was graded is in the file, so nothing was written" in result.output
    assert "looked for Participant 9 in the columns ID number, Email address and" in result.output
    assert not (tmp_path / "filled.csv").exists()


def test_a_grade_that_cannot_be_changed_is_left_alone() -> None:
    done = fill(WORKSHEET, {"s3": 50}, {"s3": "x"})
    assert done.text == WORKSHEET
    assert done.kept == ("s3",)
    assert 'has "No" under "Grade can be changed"' in done.warnings[0]


def test_the_gradebook_names_its_columns_by_the_activity() -> None:
    done = fill(GRADEBOOK, {"s1": 9}, grade_column="Assignment: Recommender (Real)")
    assert done.text == GRADEBOOK.replace(",-,", ",9,")
    assert "no feedback" in done.warnings[0]


def test_more_points_than_the_maximum_are_a_warning() -> None:
    [warning] = fill(WORKSHEET, {"s1": 101}).warnings
    assert "maximum grade is 100" in warning and "101" in warning


def test_a_worksheet_that_moodle_would_refuse_is_a_warning() -> None:
    text = "Identifier,Grade,Feedback comments\nParticipant 1,,\n"
    [warning] = fill(text, {"Participant 1": 1}).warnings
    assert "Last modified (grade)" in warning


def test_a_file_without_grades_is_refused_with_its_columns() -> None:
    with pytest.raises(UsageError, match='no column "Grade"; it has "First name", "Last name"'):
        fill(GRADEBOOK, {"s1": 1})


def test_a_file_without_ids_is_refused() -> None:
    with pytest.raises(UsageError, match='it has "Full name", "Grade"'):
        fill("Full name,Grade\nAda,\n", {"s1": 1})


def test_an_id_that_two_rows_have_is_refused() -> None:
    with pytest.raises(UsageError, match='"s1" is in lines 2 and 3'):
        fill(WORKSHEET.replace("s2", "s1"), {"s1": 1})


def test_feedback_names_what_is_unsolved(make_record: Callable[..., Record]) -> None:
    assert short_feedback(make_record()) == (
        "5 of 21 points. Unsolved: 3.2 MatrixFactorization.forward: wrong values (shape and dtype "
        "are right); 4.1 make_loader: broke; 4.2 train_epoch: took too long; "
        "4.4 fit: not checked yet: needs 4.2. Not started: 4.3."
    )


def test_feedback_names_the_bonus_and_does_not_ask_for_it(
    make_record: Callable[..., Record], bonus: tuple[TaskRecord, ...]
) -> None:
    found = short_feedback(make_record(tasks=bonus))
    assert found.startswith("5 of 21 points. Bonus: 4 of 7 points. Unsolved: 3.2 ")
    assert found.endswith("Not started: 4.3.")
    assert "Bonus" not in short_feedback(make_record())


def test_feedback_takes_the_score_after_policy(make_record: Callable[..., Record]) -> None:
    assert short_feedback(make_record(), 4.5).startswith("4.5 of 21 points.")


def test_feedback_on_full_marks(make_record: Callable[..., Record]) -> None:
    record = make_record(score=4, max_score=4, tasks=make_record().tasks[:1])
    assert short_feedback(record) == "4 of 4 points. Every task is solved."


def test_feedback_says_why_nothing_was_graded(make_record: Callable[..., Record]) -> None:
    record = make_record(status="ungradable", reason="the folder is empty", tasks=(), score=0)
    assert short_feedback(record) == "0 of 21 points. the folder is empty."


def test_feedback_is_harmless_in_html(make_record: Callable[..., Record]) -> None:
    task = make_record().tasks[1]
    bad = type(task)(**{**vars(task), "message": "3.2 x: <script>alert(1)</script>"})
    assert "&lt;script&gt;" in short_feedback(make_record(tasks=(bad,)))


def test_feedback_with_a_comparison_reads_the_same_and_is_no_formula(
    make_record: Callable[..., Record],
) -> None:
    task = make_record().tasks[1]
    told = type(task)(**{**vars(task), "message": "3.2 x: wanted 0 <= y >== -1; =2"})
    text = short_feedback(make_record(tasks=(told,)))
    assert "wanted 0 <= y >== -1; =2" in html.unescape(text)
    assert harmless(text) == text


def test_the_feedback_says_what_the_instructor_changed_and_commented(
    make_record: Callable[..., Record],
) -> None:
    by_hand = Adjustments(
        (
            Override("ada", "3.2", None, 5, "It is <right>."),
            Override("ada", "3.1", None, 4, "As it was."),
        ),
        (
            Comment("ada", None, "See me.\nSoon."),
            Comment("ada", "4.1", "Nearly."),
            Comment("bob", None, "?"),
        ),
    )
    text = short_feedback(make_record(), adjustments=by_hand)
    assert text.startswith("9 of 21 points.")
    assert text.endswith(
        "Your instructor changed 3.2: 1 → 5 points. It is &lt;right&gt;. "
        "Your instructor: See me.<br>Soon. Your instructor on 4.1: Nearly."
    )
