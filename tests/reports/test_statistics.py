"""The numbers about a class."""

import pytest

from grading.batch.records import HiddenRecord, points_by_part, task_key
from grading.reports.statistics import distribution, result, task_figures
from tests.records import record, task


def test_each_percentage_is_counted_in_one_tenth_and_100_in_the_last() -> None:
    found = distribution([0, 9.9, 10, 55, 99.9, 100])
    assert found.counts == (2, 1, 0, 0, 0, 1, 0, 0, 0, 2)
    assert found.n == 6


def test_mean_and_median_are_of_the_percentages_themselves() -> None:
    found = distribution([10, 20, 90])
    assert (found.mean, found.median) == (40, 20)


def test_nothing_has_no_mean() -> None:
    assert distribution([]).mean is None
    assert distribution([]).median is None


@pytest.mark.parametrize(
    ("state", "score", "expected"),
    [
        ("passed", 4, "passed"),
        ("wrong", 1, "partly"),
        ("timeout", 3, "partly"),
        ("blocked", 1, "partly"),
        ("wrong", 0, "failed"),
        ("missing", 0, "failed"),
        ("malformed", 0, "failed"),
        ("not_started", 0, "not started"),
        ("blocked", 0, "not started"),
    ],
)
def test_states_come_to_four_results(state: str, score: int, expected: str) -> None:
    assert result(task(state=state, score=score)) == expected


def test_tasks_are_counted_over_all_records_in_the_order_of_the_course() -> None:
    figures = task_figures(
        [
            record("ada", (task("1.10"), task("1.9", "wrong"))),
            record("ben", (task("1.9", "crashed", score=2),)),
        ]
    )
    assert [one.id for one in figures] == ["1.9", "1.10"]
    assert figures[0].results == {"passed": 0, "partly": 1, "failed": 1, "not started": 0}
    assert figures[0].states == {"wrong": 1, "crashed": 1}
    assert figures[0].n == 2
    assert figures[0].share("partly") == 0.5
    assert figures[1].share("passed") == 1


def test_no_records_have_no_tasks() -> None:
    assert task_figures([]) == []
    assert task_figures([record()]) == []


def test_hidden_checks_count_for_the_part_of_their_task() -> None:
    one = record(
        tasks=(task("2.1"), task("1.1", "wrong", score=1)),
        hidden=(HiddenRecord("large", "1.1", 2, 3, "It holds for many."),),
    )
    assert points_by_part(one) == {1: (3, 7), 2: (4, 4)}
    assert list(points_by_part(one)) == [1, 2]


def test_a_name_without_a_number_sorts_first() -> None:
    assert sorted(["3.10", "3.9", "bonus"], key=task_key) == ["bonus", "3.9", "3.10"]
