"""Moodle's grading worksheet."""

import html
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grading.batch import records
from grading.batch.adjustments import Adjustments, Comment, Override
from grading.cli import app
from grading.errors import UsageError
from grading.exports.moodle import fill, short_feedback
from grading.spreadsheets import harmless
from tests.records import BONUS, TASKS, six_states

WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,\
Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 81,Ada Lovelace,s1,ada@example.org,Submitted,,100.00,Yes,"Monday, 2 March",-,
Participant 82,Grace Hopper,s2,grace@example.org,Submitted,12.00,100.00,Yes,-,-,<p>Fine</p>
Participant 83,Alan Turing,s3,Alan@example.org,Submitted,,100.00,No,-,-,
"""


def test_the_grade_and_the_feedback_change_and_all_else_stays() -> None:
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
    tmp_path: Path,
) -> None:
    record = six_states("ada", platform_id="Participant 9")
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


NO_FEEDBACK = 'no column "Feedback comments", so no feedback is filled in'


@pytest.mark.parametrize(
    ("text", "scores", "said"),
    [
        (WORKSHEET, {"s1": 101}, "the maximum grade is 100, but the scores go up to 101"),
        ("Identifier,Grade,Feedback comments\nP 1,,\n", {"P 1": 1}, "Last modified (grade)"),
        ("Username,Grade\nada,\n", {"ada": 1}, NO_FEEDBACK),
    ],
)
def test_what_moodle_would_refuse_or_miss_is_a_warning(
    text: str, scores: dict[str, float], said: str
) -> None:
    [warning] = fill(text, scores).warnings
    assert said in warning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First name,Total\nAda,1\n", 'no column "Grade"; it has "First name", "Total"'),
        ("Full name,Grade\nAda,\n", 'it has "Full name", "Grade"'),
        (WORKSHEET.replace("s2", "s1"), '"s1" is in lines 2 and 3'),
    ],
    ids=["no grades", "no ids", "two rows"],
)
def test_a_file_that_does_not_fit_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fill(text, {"s1": 1})


def test_feedback_names_what_is_unsolved() -> None:
    assert short_feedback(six_states()) == (
        "5 of 21 points. Unsolved: 3.2 MatrixFactorization.forward: wrong values (shape and dtype "
        "are right); 4.1 make_loader: broke; 4.2 train_epoch: took too long; "
        "4.4 fit: not checked yet: needs 4.2. Not started: 4.3."
    )


def test_feedback_names_the_bonus_and_does_not_ask_for_it() -> None:
    found = short_feedback(six_states(tasks=TASKS + BONUS))
    assert found.startswith("5 of 21 points. Bonus: 4 of 7 points. Unsolved: 3.2 ")
    assert found.endswith("Not started: 4.3.")
    assert "Bonus" not in short_feedback(six_states())


def test_feedback_takes_the_score_after_policy() -> None:
    assert short_feedback(six_states(), 4.5).startswith("4.5 of 21 points.")


def test_feedback_on_full_marks() -> None:
    record = six_states(score=4, max_score=4, tasks=TASKS[:1])
    assert short_feedback(record) == "4 of 4 points. Every task is solved."


def test_feedback_says_why_nothing_was_graded() -> None:
    record = six_states(status="ungradable", reason="the folder is empty", tasks=(), max_score=21)
    assert short_feedback(record) == "0 of 21 points. the folder is empty."


def test_feedback_is_harmless_in_html() -> None:
    task = TASKS[1]
    bad = replace(task, message="3.2 x: <script>alert(1)</script>")
    assert "&lt;script&gt;" in short_feedback(six_states(tasks=(bad,)))


def test_feedback_with_a_comparison_reads_the_same_and_is_no_formula() -> None:
    task = TASKS[1]
    told = replace(task, message="3.2 x: wanted 0 <= y >== -1; =2")
    text = short_feedback(six_states(tasks=(told,)))
    assert "wanted 0 <= y >== -1; =2" in html.unescape(text)
    assert harmless(text) == text


def test_the_feedback_says_what_the_instructor_changed_and_commented() -> None:
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
    text = short_feedback(six_states(), adjustments=by_hand)
    assert text.startswith("9 of 21 points.")
    assert text.endswith(
        "Your instructor changed 3.2: 1 → 5 points. It is &lt;right&gt;. "
        "Your instructor: See me.<br>Soon. Your instructor on 4.1: Nearly."
    )
