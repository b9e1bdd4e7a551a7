"""The page for a student: what it tells, what it keeps to itself, and that nothing runs in it."""

from datetime import UTC, datetime

import pytest

from grading.batch.adjustments import Adjustments, Comment, Override, adjusted
from grading.batch.records import CheckRecord, HiddenRecord, Record
from grading.batch.roster import Student
from grading.batch.run import missing
from grading.manifest import Course
from grading.reports.feedback import clean, feedback_html, message_lines, moment
from grading.states import SHOWN
from tests.records import grade, record, task, ungradable
from tests.reports.elements import Element, parse

MESSAGE = """\
✗ 3.2 MatrixFactorization.forward: wrong shape
    requires    Each prediction is the dot product of one user's and one movie's factors.
    called      model(user_idx=[2, 3], movie_idx=[4, 5])
    returned    shape [2, 2] & <more>
"""


def page(course: Course, of: Record, **changes) -> Element:
    return parse(feedback_html(course, of, grade(of, **changes)))


def test_a_section_for_each_task_in_the_order_of_the_course(course: Course) -> None:
    found = page(course, record(tasks=(task("3.2"), task("1.10"), task("1.9"), task("1.2"))))
    names = [one.one("h3").text.split()[0] for one in found.all("section", class_="task")]
    assert names == ["1.2", "1.9", "1.10", "3.2"]


@pytest.mark.parametrize("state", SHOWN)
def test_the_state_is_told_in_words(course: Course, state: str) -> None:
    section = page(course, record(tasks=(task("3.2", state),))).one("section", class_="task")
    assert SHOWN[state].word in section.one(class_="state").text
    assert f"{4 if state == 'passed' else 0} of 4 points" in section.one(class_="points").text


def test_the_message_reads_as_at_the_terminal(course: Course) -> None:
    found = page(course, record(tasks=(task("3.2", "wrong", message=MESSAGE),)))
    lines = [line.text for line in found.one("pre").all("span")]
    assert lines == MESSAGE.splitlines()


def test_what_it_looks_like_stands_apart(course: Course) -> None:
    found = page(course, record(tasks=(task("3.2", "wrong", looks_like="summed over pairs"),)))
    assert found.one("p", class_="looks-like").text == "Looks like summed over pairs"


def test_an_unsolved_task_has_its_hints_folded_away_and_its_lesson(course: Course) -> None:
    section = page(course, record(tasks=(task("3.2", "wrong"),))).one("section", class_="task")
    folded = list(section.all("details"))
    assert [one.one("p").text for one in folded] == list(course.task("3.2").hints)
    assert not any("open" in one.attributes for one in folded)
    assert course.task("3.2").lesson in section.text


def test_a_solved_task_has_no_hints(course: Course) -> None:
    found = page(course, record(tasks=(task("3.2"),)))
    assert not list(found.all("details"))
    assert "Hint" not in found.text


def test_what_a_solved_task_printed_is_folded_away(course: Course) -> None:
    found = page(course, record(tasks=(task("3.2", message="passed\n    printed     4"),)))
    assert found.one("details").one("pre").text == "passed    printed     4"


def test_a_task_that_the_course_does_not_have_is_told_without_hints(course: Course) -> None:
    found = page(course, record(tasks=(task("9.1", "wrong"),)))
    assert "9.1" in found.one("section", class_="task").text
    assert not list(found.all("details"))


def test_each_part_has_a_bar_and_its_points_in_words(course: Course) -> None:
    found = page(course, record(tasks=(task("1.1"), task("3.2", "wrong", score=1))))
    bars = list(found.one("ul", class_="bars").all("li"))
    assert [one.one("span", class_="points").text for one in bars] == [
        "4 of 4 points",
        "1 of 4 points",
    ]
    filled = [one.one("rect", class_="passed").attributes["width"] for one in bars]
    assert filled == ["99%", "24%"]


def test_the_bonus_stands_beside_the_points(course: Course) -> None:
    found = page(course, record(tasks=(task("1.1"), task("7.1", "wrong", score=1, bonus=True))))
    points = found.one("p", class_="score").text
    assert points.startswith("4 of 4 points and 1 of 4 bonus points")
    bars = list(found.one("ul", class_="bars").all("li"))
    assert bars[1].one("span", class_="points").text == "1 of 4 points"
    assert "7 Going Deep (bonus)" in bars[1].text
    without = page(course, record(tasks=(task("1.1"),)))
    assert "bonus" not in without.one("main").text


def test_lateness_is_told_with_what_it_costs(course: Course) -> None:
    of = record(tasks=(task("1.1"),))
    text = page(course, of, late_days=2, penalty=20.0, weighted=100.0, final=80.0).text
    assert "2 days late" in text
    assert "100 % would have been your grade; 20 % of it is taken off, which leaves 80 %" in text
    assert "late" not in page(course, of).one("main").text
    assert "Nothing is taken off" in page(course, of, late_days=1).text


# By hand


def by_hand(course: Course, of: Record, *decided: Override | Comment) -> Element:
    adjustments = Adjustments(
        tuple(one for one in decided if isinstance(one, Override)),
        tuple(one for one in decided if isinstance(one, Comment)),
    )
    return parse(
        feedback_html(course, of, grade(adjusted(of, adjustments)), adjustments=adjustments)
    )


def decisions(found: Element) -> list[str]:
    return [one.text for one in found.all("p", class_="by-hand")]


def test_changed_points_are_told_with_what_they_were_and_why(course: Course) -> None:
    of = record(tasks=(task("1.1"), task("3.2", "wrong", score=1)))
    found = by_hand(course, of, Override("ada", "3.2", None, 4, "It is right."))
    assert found.one("p", class_="score").text == "8 of 8 points; grade: 100 %"
    assert "Your instructor changed points of 3.2; the reasons are there." in found.text
    first, second = found.all("section", class_="task")
    assert decisions(first) == []
    assert decisions(second) == ["Points changed by your instructor: 4 instead of 1It is right."]
    assert second.one("span", class_="points").text == "4 of 4 points"
    assert SHOWN["wrong"].word in second.one(class_="state").text


def test_changed_points_of_checks_are_told_with_their_names(course: Course) -> None:
    checks = (CheckRecord("test_one_pair", 1, "passed"), CheckRecord("test_all", 3, "passed"))
    hidden = (HiddenRecord("one pair", "3.2", 0, 2, "It works for one pair."),)
    found = by_hand(
        course,
        record(tasks=(task("3.2", checks=checks),), hidden=hidden),
        Override("ada", "3.2", "one pair", 0, "Only this one."),
        Override("ada", "3.2", "one pair (hidden)", 1, "Half of it."),
    )
    assert [decisions(section) for section in found.all("section", class_="task")] == [
        ["Points changed by your instructor for “one pair”: 0 instead of 1Only this one."],
        ["Points changed by your instructor for “one pair (hidden)”: 1 instead of 0Half of it."],
    ]


def test_points_that_an_override_leaves_alone_are_not_told(course: Course) -> None:
    found = by_hand(course, record(tasks=(task("3.2"),)), Override("ada", "3.2", None, 4, "Fine."))
    assert "instructor" not in found.one("main").text


def test_comments_stand_at_their_task_or_above_all(course: Course) -> None:
    found = by_hand(
        course,
        record(tasks=(task("1.1"),)),
        Comment("ada", "1.1", "First line.\nSecond line."),
        Comment("ada", None, "Well done."),
        Comment("ada", "3.2", "Where is it?"),
        Comment("bob", None, "For bob."),
    )
    assert decisions(found.one("section", class_="task")) == [
        "Your instructorFirst line.\nSecond line."
    ]
    assert decisions(found)[:2] == [
        "Your instructorWell done.",
        "Your instructor on 3.2Where is it?",
    ]
    assert "bob" not in found.text


def test_a_comment_reaches_a_student_whose_submission_could_not_be_graded(course: Course) -> None:
    found = by_hand(course, ungradable(), Comment("bob", "1.1", "Send it again."))
    assert decisions(found) == ["Your instructor on 1.1Send it again."]


def test_what_an_instructor_writes_is_shown_in_full_and_cannot_run(course: Course) -> None:
    text = "<script>alert(1)</script><img src=x>" + "long " * 1000
    html = feedback_html(
        course, record(), None, adjustments=Adjustments(comments=(Comment("ada", None, text),))
    )
    assert "<script>alert" not in html and "<img" not in html
    (said,) = decisions(parse(html))
    assert said.endswith("long " * 1000)


def test_slip_days_are_told_with_what_is_left_to_take_off(course: Course) -> None:
    of = record(tasks=(task("1.1"),))
    text = page(course, of, late_days=2, slip_days=(2, 3)).text
    assert "2 of 3 slip days used: nothing is taken off for those days." in text
    assert "Nothing is taken off for that." not in text
    text = page(course, of, late_days=2, slip_days=(1, 1), penalty=10.0, final=90.0).text
    assert "1 of 1 slip day used: nothing is taken off for that day." in text
    assert "10 % of it is taken off, which leaves 90 %" in text


def test_after_the_cut_off_the_page_says_why_the_grade_is_0(course: Course) -> None:
    cut_off = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
    of = record(tasks=(task("1.1"),))
    found = page(course, of, late_days=4, penalty=100.0, final=0.0, cut_off=cut_off)
    assert found.one("p", class_="score").text == "4 of 4 points; grade: 0 %"
    assert (
        "You submitted after 2026-12-01 23:59 UTC, the last time at which a submission counts, "
        "so your grade is 0. It would have been 100 % in time."
    ) in found.text


def test_warnings_are_told(course: Course) -> None:
    found = page(course, record(warnings=("notes.txt was left out",)))
    assert "notes.txt was left out" in found.one(class_="notice").text


def test_of_a_hidden_check_only_name_points_and_sentence(course: Course) -> None:
    hidden = HiddenRecord("large batches", "3.2", 1, 2, "It is right for any batch.")
    found = page(course, record(tasks=(task("3.2"),), hidden=(hidden,)))
    assert found.one("ul", class_="hidden").text.strip() == (
        "large batches: 1 of 2 pointsIt is right for any batch."
    )


def test_what_is_for_the_teacher_is_not_on_the_page(course: Course) -> None:
    of = record(
        tasks=(task("3.2"),),
        status="incomplete",
        reason="SECRET hidden check expected 4.2",
        sandbox="SECRET sandbox",
        seed=987654321,
        checks_sha256="SECRET" * 8,
    )
    html = feedback_html(course, of, grade(of, note="SECRET note"))
    assert "SECRET" not in html
    assert "987654321" not in html
    assert "The grader itself failed" in html


def test_what_could_not_be_graded_says_why_and_what_to_do(course: Course) -> None:
    found = page(course, ungradable(reason="the archive is damaged"))
    assert "the archive is damaged" in found.one(class_="notice").text
    for part in course.parts:
        assert part.path.as_posix() in found.one("ol").text
    assert "0 of 0" not in found.text


def test_a_record_without_a_grade_has_a_page(course: Course) -> None:
    found = parse(feedback_html(course, record(tasks=(task("3.2"),)), None))
    assert "4 of 4 points" in found.text
    assert "grade:" not in found.text


def test_cleaning_keeps_words_of_all_scripts_and_emoji() -> None:
    for text in ("Jürgen", "Ελένη", "नमस्ते", "می\u200cخواهم", "👩\u200d🔬", "❤\ufe0f", "a\tb\nc"):
        assert clean(text) == text


def test_cleaning_says_how_much_it_left_out() -> None:
    assert clean("a" * 12, most=10) == "aaaaaaaaaa … (2 more characters)"
    assert message_lines("x\n" * 300)[-1] == "… 100 more lines"
    assert message_lines("one\r\ntwo\n") == ["one", "two"]


def test_times_are_read_where_they_are_times() -> None:
    assert moment("2025-11-24T09:30:00+00:00") == "2025-11-24 09:30 UTC"
    assert moment("2025-11-24T09:30:00+01:00") == "2025-11-24 09:30 UTC+01:00"
    assert moment("yesterday") == "yesterday"


def test_who_handed_in_nothing_reads_so_and_no_points(course: Course) -> None:
    (nothing,) = missing(["ada"], [record(tasks=(task(),))], "c0ffee")
    text = page(course, nothing).one("main").text
    assert "There is no submission of yours" in text
    assert "points" not in text
    assert "Fingerprint" not in text


def test_a_page_names_the_group(course: Course) -> None:
    one = record(tasks=(task(),))
    html = feedback_html(course, one, grade(one), Student("ada", group="team-1"))
    assert "team-1, whose members all have this result" in parse(html).one("dl").text
