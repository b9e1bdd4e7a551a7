"""The history: which runs are in it, what they changed for whom, and its page."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.batch.adjustments import Adjustments, Override, Rules
from grading.batch.policy import Policy
from grading.batch.records import CheckRecord, Record
from grading.errors import UsageError
from grading.manifest import Course
from grading.reports.history import FILE, PAGE, PastRun, read, with_run, write
from tests.records import record, task
from tests.reports.elements import Element, parse

PLAIN = Rules()
BY_HAND = Rules(adjustments=Adjustments((Override("ada", "1.1", None, 3, "<b>Nearly</b>"),)))
DEADLINE = datetime(2025, 11, 1, tzinfo=UTC)
LATE = Rules(Policy(deadline=DEADLINE, late_per_day=50, submitted={"ada": DEADLINE.replace(day=2)}))


def of(student: str, state: str, **changes: object) -> Record:
    checks = (CheckRecord("test_it", 4, state),)  # type: ignore[arg-type]
    return record(student, (task("1.1", state, checks=checks),), **changes)


WRONG, RIGHT = of("ada", "wrong"), of("ada", "passed", submission_sha256="other")
BOB = of("bob", "wrong")


def after(
    past: list[PastRun],
    earlier: list[Record],
    graded: list[Record],
    before: Rules = PLAIN,
    rules: Rules = PLAIN,
) -> list[PastRun]:
    by_student = [{one.student_id: one for one in some} for some in (earlier, graded)]
    return with_run(past, *by_student, before, rules)


def told(run: PastRun) -> dict[str, tuple[float, float, tuple[str, ...]]]:
    """Final percent before and after, and what changed, by student."""
    return {
        one.student: (one.before.final, one.after.final, one.what)
        for one in run.students
        if one.before
    }


# Runs


def test_a_first_grading_is_a_run_in_which_everybody_is_new() -> None:
    (run,) = after([], [], [WRONG, BOB], PLAIN, BY_HAND)
    assert (run.graded, run.again, run.causes) == (2, 0, ())
    assert [one.student for one in run.new] == ["ada", "bob"]
    assert told(run) == {}


def test_a_run_tells_what_changed_for_whom() -> None:
    first = after([], [], [WRONG, BOB])
    run = after(first, [WRONG, BOB], [RIGHT, BOB])[-1]
    assert (run.graded, run.again) == (2, 2)
    what = ("another submission", "1.1 test_it: wrong → passed (+4)")
    assert told(run) == {"ada": (0, 100, what)}


def test_a_run_that_graded_and_changed_nothing_is_none() -> None:
    first = after([], [], [WRONG])
    assert after(first, [WRONG], []) == first
    assert told(after(first, [WRONG], [WRONG])[-1]) == {}


def test_other_checks_a_policy_and_adjustments_are_causes() -> None:
    changed = replace(RIGHT, checks_sha256="other")
    rules = Rules(LATE.policy, BY_HAND.adjustments)
    run = after([], [WRONG], [changed], PLAIN, rules)[-1]
    assert run.causes == ("other checks", "another policy", "other adjustments")


def test_points_by_hand_and_a_policy_change_grades_without_a_grading() -> None:
    runs = after([], [], [WRONG, BOB])
    runs = after(runs, [WRONG, BOB], [], PLAIN, BY_HAND)
    assert told(runs[-1]) == {"ada": (0, 75, ("by hand: 1.1: 3 of 4 points (<b>Nearly</b>)",))}
    runs = after(runs, [WRONG, BOB], [], BY_HAND, PLAIN)
    assert told(runs[-1]) == {"ada": (75, 0, ("by hand: 1.1: no longer",))}
    runs = after([], [RIGHT], [], PLAIN, LATE)
    assert told(runs[-1]) == {"ada": (100, 50, ("the policy, or the time of submission",))}
    assert runs[-1].gains == [-50]


def test_what_can_no_longer_be_graded_says_why() -> None:
    gone = replace(record("ada"), status="ungradable", reason="the folder is empty")
    (_, _, what) = told(after([], [RIGHT], [gone])[-1])["ada"]
    assert what[-1] == "ungradable: the folder is empty"


def test_a_change_that_a_killed_run_did_not_tell_is_told_by_the_next() -> None:
    first = after([], [], [WRONG])
    run = after(first, [RIGHT], [])[-1]
    assert [(one.student, one.after.final) for one in run.changed] == [("ada", 100)]


def test_what_is_common_is_counted() -> None:
    run = after([], [WRONG, BOB], [RIGHT, of("bob", "passed")])[-1]
    assert run.common == [("1.1 test_it: wrong → passed (+4)", 2)]


# The file and the page


@pytest.fixture
def runs() -> list[PastRun]:
    first = after([], [], [WRONG, BOB])
    by_hand = after(first, [WRONG, BOB], [], PLAIN, BY_HAND)
    return after(by_hand, [WRONG, BOB], [RIGHT], BY_HAND, BY_HAND)


def test_the_file_has_a_line_for_each_run_and_is_read_as_it_was_written(
    course: Course, tmp_path: Path, runs: list[PastRun]
) -> None:
    assert read(tmp_path) == []
    write(course, tmp_path, runs)
    assert len((tmp_path / FILE).read_text().splitlines()) == len(runs) == 3
    assert read(tmp_path) == runs


@pytest.mark.parametrize("line", ["{", "{}", "[]", json.dumps({"time": ""})])
def test_a_line_that_is_no_run_is_named_with_the_way_out(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(line + "\n")
    with pytest.raises(UsageError, match=r"history\.jsonl, line 1, is not a run .*; move the file"):
        read(tmp_path)


def shown(course: Course, folder: Path, runs: list[PastRun]) -> Element:
    write(course, folder, runs)
    return parse((folder / PAGE).read_text())


def test_the_page_shows_the_latest_run_first_and_the_others_folded(
    course: Course, tmp_path: Path, runs: list[PastRun]
) -> None:
    found = list(shown(course, tmp_path, runs).all("details", class_="run"))
    assert ["open" in one.attributes for one in found] == [True, False, False]
    summaries = [next(iter(one.all("summary"))).one("span").text for one in found]
    assert summaries == [
        "1 submission graded, 1 of them again; grades: 0 up, 0 down",
        "nothing graded; other adjustments; grades: 1 up, 0 down",
        "2 submissions graded",
    ]
    cells = [cell.text for cell in found[1].one("tbody").all("td")]
    assert cells == [
        "0 → 3 of 4",
        "0 → 75",
        "by hand: 1.1: 3 of 4 points (<b>Nearly</b>)",
    ]
    links = {one.attributes["href"] for one in found[2].all("a")}
    assert links == {"feedback/ada.html", "feedback/bob.html"}


def test_many_changes_of_a_student_are_folded(course: Course, tmp_path: Path) -> None:
    states = ("wrong", "passed")
    before, now = (
        record(
            "ada",
            tuple(
                task(f"1.{n}", state, checks=(CheckRecord("test_it", 4, state),))
                for n in range(1, 7)
            ),
        )
        for state in states
    )
    found = shown(course, tmp_path, after([], [before], [now]))
    (cell,) = found.one("tbody").all("td", class_="text")
    assert cell.one("summary").text == "6 changes"


def test_an_empty_history_has_a_page_and_no_file(course: Course, tmp_path: Path) -> None:
    assert "No run has graded anybody" in shown(course, tmp_path, []).text
    assert not (tmp_path / FILE).exists()
