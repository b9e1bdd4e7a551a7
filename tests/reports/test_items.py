"""Which checks work for a class."""

import csv
import io

import pytest

from grading.batch.records import CheckRecord, HiddenRecord, Record
from grading.reports.items import EVERYBODY, NOBODY, TURNED, Analysis, Item, analysis, analysis_csv
from tests.records import class_of, record, task, ungradable


def answers(*rows: str) -> list[Record]:
    """One record per row, with one check of a point per letter: "x" passed, "." failed.

    Two checks make a task.
    """
    return [
        record(
            f"student{number}",
            tuple(
                task(
                    f"1.{place // 2 + 1}",
                    "passed" if "." not in row[place : place + 2] else "wrong",
                    score=row[place : place + 2].count("x"),
                    max_score=2,
                    checks=tuple(
                        CheckRecord(f"test_{place + i}", 1, "passed" if one == "x" else "wrong")
                        for i, one in enumerate(row[place : place + 2])
                    ),
                )
                for place in range(0, len(row), 2)
            ),
        )
        for number, row in enumerate(rows)
    ]


def of_check(found: Analysis, name: str) -> Item:
    (item,) = (item for item in found.items if item.check == name)
    return item


def test_a_task_and_each_of_its_checks_have_their_share() -> None:
    found = analysis(answers("xx", "x.", "x.", ".."))
    assert [(one.task, one.check, one.n, one.passed) for one in found.items] == [
        ("1.1", None, 4, 1),
        ("1.1", "test_0", 4, 3),
        ("1.1", "test_1", 4, 1),
    ]
    assert of_check(found, "test_0").share == 0.75


def test_an_item_is_compared_with_all_other_points_and_not_with_itself() -> None:
    found = analysis(answers("xxxx", "xxx.", "xx..", "...."))
    # test_2 is 1, 1, 0, 0; the others add up to 3, 2, 2, 0
    assert of_check(found, "test_2").correlation == pytest.approx(0.6882, abs=1e-4)


def test_alpha_is_cronbachs() -> None:
    # the variances of the checks are .25, .25, .25 and .1875, that of the totals 2.1875
    assert analysis(answers("xxxx", ".xx.", "x...", "....")).alpha == pytest.approx(
        0.7619, abs=1e-4
    )
    assert analysis(answers("xxxx", "xxxx")).alpha is None
    assert analysis([]) == Analysis((), None)


def test_checks_that_tell_nothing_and_those_that_good_students_fail_are_marked() -> None:
    found = analysis(answers(*["xx.xx."] * 12, *["x..x.x"] * 12))
    notes = {item.check: item.note for item in found.notable}
    assert notes == {"test_0": EVERYBODY, "test_2": NOBODY, "test_3": EVERYBODY, "test_5": TURNED}


def test_in_a_class_of_four_chance_alone_marks_nothing() -> None:
    assert not analysis(answers("xx", "x.", "x.", "x.")).notable


def test_a_bonus_and_what_only_some_were_graded_with_do_not_count_against_anybody() -> None:
    bonus = task("7.1", checks=(CheckRecord("test_bonus", 4, "passed"),), bonus=True)
    hidden = HiddenRecord("test_hidden", "1.1", 2, 2, "Hidden.")
    with_both = [record("ada", (bonus,), (hidden,)), record("bob", (bonus,))]
    found = analysis([*with_both, *answers("xx"), ungradable()])
    assert of_check(found, "test_bonus").n == 2
    assert of_check(found, "test_hidden").n == 1
    assert of_check(found, "test_0").n == 1


def test_mistakes_are_named_with_their_number_and_no_cell_is_a_formula() -> None:
    wrong = [record(f"s{i}", (task(state="wrong", looks_like="=1+1"),)) for i in range(2)]
    rows = list(csv.DictReader(io.StringIO(analysis_csv(analysis(wrong)))))
    assert rows[0]["mistakes"] == "'=1+1 (2)"
    assert rows[0]["passed_percent"] == "0.0"
    assert rows[-1]["task"] == "all"


def test_an_error_in_the_file_is_one_mistake_and_not_one_for_each_task() -> None:
    told = "MatrixFactorization.forward: crashed with SyntaxError in model.py, line 3\n    error"
    broken = tuple(
        task(one, "crashed", looks_like="a colon is missing", message=f"{one} {told}")
        for one in ("3.1", "3.2", "3.3")
    )
    found = analysis([record(tasks=broken), record("bob", broken[1:2])])
    counts = {one.task: list(one.mistakes.values()) for one in found.items}
    assert counts == {"3.1": [1], "3.2": [1], "3.3": []}


def test_five_thousand_students_are_no_matter() -> None:
    found = analysis(class_of(5000))
    assert len(found.items) == 24
    assert all(item.n == 5000 for item in found.items)


def test_the_median_time_to_the_first_pass_is_told_where_it_is_known() -> None:
    class_of_three = [
        record("ada", (task("1.1"), task("1.2")), minutes={"1.1": 4.0, "1.2": 8.26}),
        record("bob", (task("1.1"), task("1.2")), minutes={"1.1": 10.0}),
        record("cem", (task("1.1"), task("1.2"))),
    ]
    rows = list(csv.DictReader(io.StringIO(analysis_csv(analysis(class_of_three)))))
    assert [(row["timed"], row["median_minutes_to_pass"]) for row in rows] == [
        ("2", "7.0"),
        ("1", "8.3"),
        ("", ""),
    ]
