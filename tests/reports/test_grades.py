"""grades.csv: one line a student, for a spreadsheet."""

import csv
import io

import pytest

from grading.batch.adjustments import Adjustments, Comment, Override, adjusted
from grading.batch.roster import Student
from grading.batch.run import missing
from grading.reports.grades import grades_csv
from grading.spreadsheets import harmless, plain
from tests.records import grade, record, task, ungradable


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_columns_are_the_same_in_every_class_but_for_the_parts() -> None:
    one = record(tasks=(task("2.1"), task("1.1")))
    assert grades_csv([one], [grade(one)]).splitlines()[0] == (
        "student_id,status,reason,score,max_score,bonus,part1,part2,"
        "late_days,slip_days,penalty_percent,final_percent,submitted,submitted_by,warnings,note,"
        "overrides,comments"
    )


def test_a_line_holds_record_and_grade() -> None:
    one = record(
        tasks=(task("1.1"), task("3.2", "wrong", score=1)),
        submitted="2025-11-20T12:00:00+00:00",
        submitted_by="Gradescope",
        warnings=("left out a.py", "left out b.py"),
    )
    late = grade(one, late_days=3, slip_days=(1, 1), penalty=20.0, final=50.0, note="=late")
    assert rows(grades_csv([one], [late])) == [
        {
            "student_id": "ada",
            "status": "complete",
            "reason": "",
            "score": "5",
            "max_score": "8",
            "bonus": "0",
            "part1": "4",
            "part3": "1",
            "late_days": "3",
            "slip_days": "1",
            "penalty_percent": "20.0",
            "final_percent": "50.0",
            "submitted": "2025-11-20T12:00:00+00:00",
            "submitted_by": "Gradescope",
            "warnings": "2",
            "note": "'=late",
            "overrides": "",
            "comments": "",
        }
    ]


@pytest.mark.parametrize(
    ("marked_late", "source"),
    [(None, "Canvas"), (True, "Canvas, late"), (False, "Canvas, in time")],
)
def test_where_a_platform_marks_what_is_late_the_mark_stands_beside_its_name(
    marked_late: bool | None, source: str
) -> None:
    one = record(submitted_by="Canvas", marked_late=marked_late)
    (line,) = rows(grades_csv([one], [grade(one)]))
    assert line["submitted_by"] == source


def test_the_bonus_stands_beside_the_score() -> None:
    one = record(tasks=(task("1.1"), task("7.1", bonus=True), task("7.2", "wrong", bonus=True)))
    (line,) = rows(grades_csv([one], [grade(one)]))
    assert (line["score"], line["max_score"]) == ("4", "4")
    assert (line["bonus"], line["part7"], line["final_percent"]) == ("4", "4", "100.0")


def test_points_and_comments_by_hand_are_in_the_line() -> None:
    one = record(tasks=(task("1.1", "wrong"), task("3.2")))
    by_hand = Adjustments(
        (Override("ada", "1.1", None, 3, "Right, but\nin another order."),),
        (Comment("ada", None, "=1+1"), Comment("ada", "3.2", "Nice."), Comment("bob", None, "No.")),
    )
    (line,) = rows(grades_csv([one], [grade(adjusted(one, by_hand))], adjustments=by_hand))
    assert (line["score"], line["part1"], line["final_percent"]) == ("7", "3", "87.5")
    assert line["overrides"] == "1.1: 0 → 3 points (Right, but in another order.)"
    assert line["comments"] == "'=1+1; 3.2: Nice."


def test_percentages_have_no_more_than_two_decimals() -> None:
    one = record(tasks=(task("1.1"),))
    (line,) = rows(grades_csv([one], [grade(one, final=200 / 3)]))
    assert line["final_percent"] == "66.67"


def test_a_part_that_was_not_graded_is_empty_and_not_0() -> None:
    ada, bob = record(tasks=(task("1.1"),)), ungradable()
    lines = rows(grades_csv([ada, bob], [grade(ada), grade(bob)]))
    assert [line["part1"] for line in lines] == ["4", ""]
    assert lines[1]["reason"] == "there is no model.py in it"


def test_a_record_without_a_grade_is_told_as_far_as_it_goes() -> None:
    (line,) = rows(grades_csv([record(tasks=(task("1.1"),))], []))
    assert (line["part1"], line["late_days"], line["final_percent"]) == ("4", "", "")


def test_grades_go_by_student_and_not_by_place() -> None:
    ada, bob = record("ada", (task("1.1"),)), record("bob", (task("1.1", "wrong"),))
    lines = rows(grades_csv([ada, bob], [grade(bob), grade(ada)]))
    assert [line["final_percent"] for line in lines] == ["100.0", "0.0"]


def test_an_empty_class_has_a_heading_only() -> None:
    assert len(grades_csv([], []).splitlines()) == 1


@pytest.mark.parametrize("text", ["=1+1", "\t=1", "ada;=1+1", "ada\t@SUM(A1)"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    one = record(text, reason=text, submitted=text)
    (line,) = rows(grades_csv([one], [grade(one)]))
    for column in ("student_id", "reason", "submitted"):
        assert line[column] == harmless(text)
        assert plain(line[column]) == text


@pytest.mark.parametrize("text", ["ada", "o'hara", "née, ada", 'the "best"'])
def test_other_texts_stay_as_they_are(text: str) -> None:
    one = record(text)
    assert rows(grades_csv([one], [grade(one)]))[0]["student_id"] == text


def test_what_cannot_be_seen_is_made_visible_and_the_file_can_be_written() -> None:
    one = record("a\x00b\u202e\ud800", reason="\x1b[31mred")
    text = grades_csv([one], [grade(one)])
    assert rows(text)[0]["student_id"] == "a\ufffdb\ufffd\ufffd"
    assert rows(text)[0]["reason"] == "\ufffd[31mred"
    text.encode("utf-8")


def test_a_roster_adds_columns_for_what_it_says_and_a_line_for_who_handed_in_nothing() -> None:
    roster = {"ada": Student("ada", "=Ada", "A"), "bob": Student("bob", section="B")}
    records = [record(tasks=(task("1.1"),)), missing(["bob"], [record()], "c0ffee")[0]]
    ada, bob = rows(grades_csv(records, [grade(one) for one in records], roster))
    assert list(ada)[:4] == ["student_id", "name", "section", "status"]
    assert (ada["name"], ada["section"]) == ("'=Ada", "A")
    assert (bob["status"], bob["reason"]) == ("missing", "nothing was handed in")
    assert (bob["name"], bob["score"], bob["final_percent"]) == ("", "0", "0.0")
