"""The page for an instructor: the class in numbers, what needs a look, and every student."""

import re
import time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import pytest

from grading.batch.adjustments import Adjustments, Comment, Override, adjusted
from grading.batch.records import Record, file_name
from grading.batch.roster import Student
from grading.batch.run import missing
from grading.manifest import Course
from grading.reports.items import analysis
from grading.reports.overview import feedback_link, overview_html
from tests.records import class_of, grade, record, task, ungradable
from tests.reports.elements import Element, parse


def html_of(course: Course, records: list[Record], **changes: Any) -> str:
    given = {"grades": [grade(one) for one in records], "found": analysis(records), **changes}
    return overview_html(course, records, **given)


def page(course: Course, records: list[Record], **changes: Any) -> Element:
    return parse(html_of(course, records, **changes))


def table(found: Element, label: str) -> list[list[str]]:
    region = found.one("div", **{"aria-label": label})
    return [
        [cell.text.strip() for cell in row.all() if cell.tag in ("th", "td")]
        for row in region.one("tbody").all("tr")
    ]


def test_the_run_is_told(course: Course) -> None:
    facts = page(course, [record(), ungradable()], seconds=83.4).one("dl").text
    for words in (
        "2: 1 complete, 0 incomplete, 1 ungradable",
        "2025-11-24 09:30 UTC, in 83.4 s",
        "20251124",
        "c0ffeec0ffee",
        "Landlock, seccomp and limits",
    ):
        assert words in facts
    assert "c0ffeec0ffeec" not in facts


def test_a_banner_says_that_a_submission_ran_without_a_sandbox(course: Course) -> None:
    banner = page(course, [record(), record("eve", sandbox="unsafe: nothing")]).one(class_="alarm")
    assert "1 submission ran without a sandbox" in banner.text
    assert not list(page(course, [record(), ungradable()]).all(class_="alarm"))


def test_records_of_different_checks_are_pointed_out(course: Course) -> None:
    other_checks = page(course, [record(), record("bob", checks_sha256="beef" * 16)])
    assert "made with other checks than the rest" in other_checks.one(class_="notice").text
    graded_again = [record(), record("bob", seed=1)]  # with a new seed
    assert not list(page(course, graded_again).all(class_="notice"))


def test_the_distribution_is_drawn_with_numbers_and_told_in_words(course: Course) -> None:
    records = [record("ada", (task(),)), record("bob", (task(state="wrong", score=3),))]
    chart = page(course, records).one("svg", class_="histogram")
    assert "70 to 80 percent: 1" in chart.attributes["aria-label"]
    assert "90 to 100 percent: 1" in chart.attributes["aria-label"]
    assert len(list(chart.all("rect"))) == 2
    labels = [one.text for one in chart.all("text")]
    assert {"students", "final percent", "0", "50", "100"} <= set(labels)


def test_what_could_not_be_graded_is_not_a_grade_of_0(course: Course) -> None:
    found = page(course, [record("ada", (task(),)), ungradable()])
    assert "of 1 student: mean 100 %, median 100 %" in found.one("figcaption").text
    assert "left out" in found.one("figcaption").text


def test_each_task_has_its_results_as_bar_and_as_numbers(course: Course) -> None:
    records = [record("ada", (task(),)), record("bob", (task(state="wrong"),))]
    found = page(course, records)
    assert table(found, "Results by task") == [
        ["3.2 MatrixFactorization.forward", "", "1 (50 %)", "0", "1", "0"]
    ]
    bar = (
        found.one("div", **{"aria-label": "Results by task"})
        .one("tbody")
        .one("svg", height="18", width="100%")
    )
    assert [one.attributes["x"] for one in bar.all("svg")] == ["0%", "50.0%"]


def test_the_commonest_mistakes_are_counted(course: Course) -> None:
    looks = ["ids", "over the batch", "over the batch", "b", "a", None]
    records = [
        record(str(i), (task(state="wrong", looks_like=one),)) for i, one in enumerate(looks)
    ]
    rows = table(page(course, [*records, record("eve", (task(),))]), "Commonest mistakes")
    assert rows == [
        ["3.2 MatrixFactorization.forward", "over the batch", "2", "33 %"],
        ["a", "1", "17 %"],
        ["b", "1", "17 %"],
    ]


def test_the_states_of_each_task_are_counted(course: Course) -> None:
    records = [record(state, (task(state=state),)) for state in ("timeout", "passed", "timeout")]
    region = page(course, records).one("div", **{"aria-label": "States by task"})
    assert [one.text for one in region.one("thead").all("th")] == [
        "task",
        "passed",
        "took too long",
    ]
    assert [one.text for one in region.one("tbody").all("td")] == ["1", "2"]


def test_what_is_not_complete_is_listed_with_its_reason(course: Course) -> None:
    records = [record(), ungradable(), record("eve", status="incomplete", reason="part 3 failed")]
    assert table(page(course, records), "Submissions that are not complete") == [
        ["bob", "ungradable", "there is no model.py in it"],
        ["eve", "incomplete", "part 3 failed"],
    ]


def test_the_five_slowest_come_first_with_their_longest_task(course: Course) -> None:
    records = [
        record("ada", (task("1.1", seconds=0.5), task("1.2", seconds=2.0)), seconds=200.0),
        record("bob", seconds=201.4),
    ]
    assert table(page(course, records), "Slowest submissions") == [
        ["bob", "3 min 21 s", ""],
        ["ada", "3 min 20 s", "1.2 (2.0 s)"],
    ]
    others = [record(f"eve{n}", seconds=0.5) for n in range(9)]
    assert len(table(page(course, [*records, *others]), "Slowest submissions")) == 5


def test_warnings_and_notes_on_grades_are_listed(course: Course) -> None:
    ada, bob = record(warnings=("a.txt was left out", "so was b.txt")), record("bob")
    grades = [grade(ada), grade(bob, note="when it was handed in is not known")]
    assert table(page(course, [ada, bob], grades=grades), "Warnings") == [
        ["ada", "a.txt was left out"],
        ["ada", "so was b.txt"],
        ["bob", "when it was handed in is not known"],
    ]


def test_what_was_decided_by_hand_is_listed_and_counts_in_the_rows_alone(course: Course) -> None:
    ada, bob = record("ada", (task("1.1", "wrong"),)), record("bob", (task("1.1"),))
    by_hand = Adjustments(
        (Override("ada", "1.1", None, 4, "<b>right</b>"),), (Comment("bob", None, "Well done."),)
    )
    grades = [grade(adjusted(one, by_hand)) for one in (ada, bob)]
    records = [ada, bob]
    found = page(course, records, grades=grades, adjustments=by_hand)
    assert table(found, "By hand") == [
        ["ada", "1.1", "0", "4 of 4", "<b>right</b>"],
        ["bob", "", "", "", "Well done."],
    ]
    assert [row[2:4] for row in table(found, "Students")] == [["100.0", "4 of 4"]] * 2
    (results,) = table(found, "Results by task")
    assert results[2:] == ["1 (50 %)", "0", "1", "0"]
    assert "By hand" not in page(course, records).text


def test_slip_days_are_no_warning(course: Course) -> None:
    ada, note = record(), "1 of 2 slip days used"
    grades = [grade(ada, late_days=3, slip_days=(1, 2), note=note)]
    html = html_of(course, [ada], grades=grades)
    assert note not in html
    assert "3 (1 slip)" in table(parse(html), "Students")[0]


def test_every_student_has_a_line_and_a_link(course: Course) -> None:
    ada = record("ada", (task("1.1"), task("3.2", "wrong", score=1)), warnings=("x",))
    bob = ungradable()
    found = page(course, [ada, bob]).one("table", id="students")
    lines = [
        [cell.text.strip() for cell in row.all() if cell.tag in ("th", "td")]
        for row in found.one("tbody").all("tr")
    ]
    assert lines == [
        ["ada", "complete", "62.5", "5 of 8", "4", "1", "0", "1", "3.5"],
        ["bob", "ungradable", "0.0", "0 of 0", "", "", "0", "0", "3.5"],
    ]
    assert [one.attributes["href"] for one in found.all("a")] == [
        "feedback/ada.html",
        "feedback/bob.html",
    ]


def test_the_bonus_has_a_column_where_anybody_tried_for_it(course: Course) -> None:
    ada = record("ada", (task("1.1"), task("7.1", "wrong", score=1, bonus=True)))
    ben = record("ben", (task("1.1"),))
    found = page(course, [ada, ben]).one("table", id="students")
    lines = [[cell.text.strip() for cell in row.all("td")] for row in found.one("tbody").all("tr")]
    assert [line[2:6] for line in lines] == [
        ["4 of 4", "1 of 4", "4", "1"],
        ["4 of 4", "", "4", ""],
    ]
    without = page(course, [ben]).one("table", id="students")
    assert "bonus" not in [button.text for button in without.all("button")]


@pytest.mark.parametrize(
    "student_id", ["ada", "Jürgen K", "a&b#c?d%41", "a'b\"<c>", "..", "a/b", "\ud800", "x" * 300]
)
def test_a_link_leads_to_the_file_of_the_student_and_nowhere_else(student_id: str) -> None:
    link = feedback_link(student_id)
    assert re.fullmatch(r"feedback/[\w.~%-]+\.html", link, re.ASCII)
    path = PurePosixPath(unquote(link))
    assert path.parts == ("feedback", f"{file_name(student_id)}.html")


def test_all_headings_of_the_students_sort_by_button_and_the_filter_has_a_label(
    course: Course,
) -> None:
    found = page(course, [record(tasks=(task(),))])
    headings = list(found.one("table", id="students").one("thead").all("th"))
    assert all(one.one("button").attributes["type"] == "button" for one in headings)
    assert found.one("label").attributes["for"] == found.one("input").attributes["id"]
    assert "aria-sort" in found.one("script").text


def test_every_table_has_a_caption_headings_with_scope_and_a_place_to_scroll_in(
    course: Course,
) -> None:
    found = page(course, [*class_of(9), ungradable(), record("eve", warnings=("x",))])
    tables = list(found.all("table"))
    assert len(tables) == len(list(found.all("div", class_="scroll"))) == 8
    for one in tables:
        assert one.one("caption").text.strip()
        assert all("scope" in heading.attributes for heading in one.all("th"))
    for region in found.all("div", class_="scroll"):
        assert region.attributes["tabindex"] == "0" and region.attributes["aria-label"]


def test_an_empty_class_has_a_page(course: Course) -> None:
    found = page(course, [])
    assert "There are no submissions" in found.text
    assert not list(found.all("table")) + list(found.all("script"))


def test_a_class_of_one_has_a_page(course: Course) -> None:
    assert "Overview of 1 submission" in page(course, [record(tasks=(task(),))]).text


def test_a_class_that_could_not_be_graded_has_a_page(course: Course) -> None:
    found = page(course, [ungradable(str(i)) for i in range(5)])
    assert "5: 0 complete, 0 incomplete, 5 ungradable" in found.text
    assert not list(found.all("svg"))
    assert len(list(found.one("table", id="students").one("tbody").all("tr"))) == 5


def test_records_without_tasks_or_grades_have_a_page(course: Course) -> None:
    records = [record(), record("bob", (task(),))]
    found = page(course, records, grades=[])
    assert not list(found.all("figure"))
    assert "4 of 4" in found.text
    assert "Results by task" not in html_of(course, [record()])


def test_a_large_class_takes_little_time(course: Course) -> None:
    records = class_of(300)
    grades = [grade(one) for one in records]
    started = time.process_time()
    html = overview_html(course, records, grades, analysis(records))
    assert time.process_time() - started < 2
    assert len(html) < 500_000


# A roster


def test_who_handed_in_nothing_is_listed_and_counts_in_no_figure(course: Course) -> None:
    ada = record(tasks=(task("1.1"),))
    roster = {"ada": Student("ada", section="A"), "bob": Student("bob", "Bob Low", "A")}
    records = [ada, missing(["bob"], [ada], "other checks")[0]]
    found = page(course, records, roster=roster)
    assert found.one("h1").text == "Overview of 1 submission"
    assert "Handed in nothing1 of 2 students" in found.one("dl").text.replace("\n", "")
    assert found.one("ul", class_="names").text.split() == ["bob", "Bob", "Low", "(A)"]
    assert not list(found.all(class_="notice"))
    assert "mean 100 %" in found.one("figcaption").text
    assert table(found, "Sections") == [["A", "2", "1", "100 %"]]
    rows = [row[:3] for row in table(found, "Students")]
    assert rows == [["ada", "A", "complete"], ["bobBob Low", "A", "missing"]]


def test_sections_are_compared_by_what_was_graded(course: Course) -> None:
    full, half = (task("1.1"),), (task("1.1", "wrong", score=2),)
    records = [record("a", full), record("b", half), record("c", half), ungradable("d")]
    roster = {one: Student(one, section=of) for one, of in zip("abcd", "XXYY", strict=True)}
    del roster["c"]
    found = page(course, records, roster=roster)
    assert table(found, "Sections") == [
        ["X", "2", "2", "75 %"],
        ["Y", "1", "0", ""],
        ["no section", "1", "1", "50 %"],
    ]


def test_the_work_of_a_group_is_one_submission(course: Course) -> None:
    of = {"ada": None, "bob": "ada", "cy": None}
    records = [record(one, (task("1.1"),), copy_of=first) for one, first in of.items()]
    roster = {one: Student(one, group="team") for one in ("ada", "bob")}
    found = page(course, records, roster=roster)
    assert found.one("h1").text == "Overview of 2 submissions"
    assert "Final percent of 3 students" in found.one("figcaption").text
    assert table(found, "Results by task")[0][2] == "2 (100 %)"
    assert len(table(found, "Students")) == 3


def test_the_time_to_a_pass_has_a_column_where_progress_came_along(course: Course) -> None:
    ada = record("ada", (task("1.1"), task("1.2")), minutes={"1.1": 4.2})
    assert table(page(course, [ada]), "All tasks and checks") == [
        ["1.1 MatrixFactorization.forward", "4", "100 %", "", "4", "1"],
        ["1.2 MatrixFactorization.forward", "4", "100 %", "", "", ""],
    ]
