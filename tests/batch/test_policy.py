"""The policy: what its file may say, what is said when it cannot be, and the grades it gives."""

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grading.batch.policy import DAY, Grade, Policy, grade, load, remarks
from grading.batch.records import HiddenRecord, Record, TaskRecord
from grading.errors import UsageError
from grading.manifest import Course
from tests.courses import ROOT
from tests.records import record, task

DEADLINE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
WEIGHTS = "[weights]\n" + "".join(f"part{part} = 1\n" for part in range(1, 7))


def points(task_id: str, score: int, max_score: int, **changes: Any) -> TaskRecord:
    return task(task_id, score=score, max_score=max_score, **changes)


def handed_in(*tasks: TaskRecord, late: timedelta = timedelta(0), **changes: Any) -> Record:
    """Anna's record, handed in so late by nbgrader's time."""
    when = {"submitted": (DEADLINE + late).isoformat(), "submitted_by": "nbgrader"}
    return record(**{"student_id": "anna", "tasks": tasks, **when, **changes})


FULL = (points("1.1", 4, 4), points("3.2", 6, 6))


# The file


def test_the_example_can_be_loaded_and_sets_everything(course: Course) -> None:
    policy = load(ROOT / "docs" / "policy.example.toml", course)
    zone = datetime.fromisoformat("2026-12-01T00:00:00+01:00").tzinfo
    assert policy == Policy(
        deadline=datetime(2026, 12, 1, 23, 59, tzinfo=zone),
        grace=timedelta(minutes=15),
        late_per_day=10,
        late_cap=50,
        slip_days=2,
        cut_off=datetime(2026, 12, 11, 23, 59, tzinfo=zone),
        extensions={
            "anna": datetime(2026, 12, 5, 23, 59, tzinfo=zone),
            "ben.miller": datetime(2026, 12, 8, 23, 59, tzinfo=zone),
        },
        submitted={"carla": datetime(2026, 12, 1, 22, 10, tzinfo=zone)},
        weights={1: 1, 2: 1, 3: 2, 4: 2, 5: 1.5, 6: 0.5},
        count_bonus=True,
    )
    default = Policy()
    for setting in dataclasses.fields(Policy):
        assert getattr(policy, setting.name) != getattr(default, setting.name), setting.name


def test_an_empty_file_is_the_default(tmp_path: Path, course: Course) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("")
    assert load(path, course) == Policy()


def test_a_byte_order_mark_is_no_hindrance(tmp_path: Path, course: Course) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("grace_minutes = 1.5\n", encoding="utf-8-sig")
    assert load(path, course).grace == timedelta(seconds=90)


TIME = "a date and time with its offset from UTC, such as 2026-12-01T23:59:00+01:00"
DUE = "deadline = 2026-12-01T23:59:00Z\n"
NO_SETTING = "there is no setting"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deadlin = 1", f"{NO_SETTING} deadlin; did you mean deadline?"),
        (
            "colour = 1",
            f"{NO_SETTING} colour; known are deadline, grace_minutes, count_bonus, late, "
            "extensions, submitted, weights",
        ),
        (
            "[late]\npercent_a_day = 1",
            f"{NO_SETTING} late.percent_a_day; did you mean percent_per_day?",
        ),
        (
            "[late]\ngrace_minutes = 1",
            "grace_minutes must stand above the first [section], not in [late]",
        ),
        (
            f"[extensions]\n{DUE}",
            "deadline must stand above the first [section], not in [extensions]",
        ),
        *(
            (
                f"{key} = 2026-12-01T23:59:00",
                f"{name} is 2026-12-01 23:59:00, without an offset; it must be {TIME}",
            )
            for key, name in (
                *(("deadline", "deadline"), ("[extensions]\nanna", "extensions.anna")),
            )
        ),
        *(
            (f"{key} = {value}", f"{name} is {value}, but must be {TIME}, without quotes")
            for key, name, value in (
                ("deadline", "deadline", "2026-12-01"),
                ("deadline", "deadline", '"2026-12-01T23:59:00Z"'),
                ("[submitted]\nanna", "submitted.anna", "3"),
                (f"{DUE}[late]\ncut_off", "late.cut_off", "3"),
            )
        ),
        (
            "[extensions]\nben.miller = 2026-12-01T23:59:00Z",
            "a dot in extensions.ben.miller splits the student id; "
            'put it in quotes, as in "anna.smith" = …',
        ),
        ("extensions = 1", "extensions is 1, but must be a section that starts with [extensions]"),
        ("late = 10", "late is 10, but must be a section that starts with [late]"),
        *(
            (f"{key} = {value}", f"{name} is {value}, but must be {allowed}")
            for key, name, value, allowed in (
                ("grace_minutes", "grace_minutes", "-1", "a number from 0 to 525600"),
                ("grace_minutes", "grace_minutes", "true", "a number from 0 to 525600"),
                ("grace_minutes", "grace_minutes", "nan", "a number from 0 to 525600"),
                ("[late]\nmost_percent", "late.most_percent", "101", "a number from 0 to 100"),
                ("[late]\nmost_percent", "late.most_percent", '"10"', "a number from 0 to 100"),
                ("[late]\nslip_days", "late.slip_days", "-1", "a whole number from 0 to 365"),
                ("[late]\nslip_days", "late.slip_days", "1.5", "a whole number from 0 to 365"),
                ("[late]\nslip_days", "late.slip_days", "true", "a whole number from 0 to 365"),
                ("count_bonus", "count_bonus", "1", "true or false"),
            )
        ),
        (
            "[late]\npercent_per_day = 10",
            "late.percent_per_day needs a deadline to count from; add deadline = …",
        ),
        (
            f"{DUE}[late]\nslip_days = 3",
            "late.slip_days is 3, but a late day costs nothing; add percent_per_day = …",
        ),
        (
            f"{DUE}[late]\ncut_off = 2026-12-01T23:58:00Z",
            "late.cut_off is 2026-12-01 23:58:00+00:00, before the deadline, "
            "2026-12-01 23:59:00+00:00; it must be the same time or later",
        ),
        (
            "[late]\ncut_off = 2026-12-01T23:58:00Z",
            "late.cut_off is 2026-12-01 23:58:00+00:00, without a deadline; add deadline = …",
        ),
        (
            "[weights]\npart1 = 1\npart3 = 1\npart4 = 1",
            "weights lacks part2, part5, part6; name every part, with 0 if it does not count",
        ),
        ("[weights]\nprat3 = 1", f"{NO_SETTING} weights.prat3; did you mean part3?"),
        (f"{WEIGHTS}part7 = 1", f"{NO_SETTING} weights.part7; did you mean part6?"),
        *(
            (
                WEIGHTS.replace("part3 = 1", f"part3 = {value}"),
                f"weights.part3 is {value}, but must be a number from 0 up",
            )
            for value in ("-1", "inf")
        ),
        (WEIGHTS.replace("= 1", "= 0"), "weights are all 0; at least one part must count"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, course: Course, text: str, message: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        load(path, course)
    assert str(raised.value) == f"{path}: {message}"


@pytest.mark.parametrize("content", [b"deadline = ", b"\xff"])
def test_what_is_not_toml(tmp_path: Path, course: Course, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=f"^{path} is not valid TOML: "):
        load(path, course)


def test_a_file_that_is_not_there(tmp_path: Path, course: Course) -> None:
    with pytest.raises(UsageError, match=f"^{tmp_path / 'policy.toml'} does not exist$"):
        load(tmp_path / "policy.toml", course)
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path, course)


# Points


def test_without_weights_every_point_counts_the_same() -> None:
    some = handed_in(points("1.1", 4, 4), points("1.2", 0, 2), points("3.2", 3, 6))
    result = grade(some, Policy())
    assert (result.student_id, result.score, result.max_score) == ("anna", 7, 12)
    assert result.parts == {1: (4, 6), 3: (3, 6)}
    assert result.weighted == result.final == round(700 / 12, 6)
    assert (result.late_days, result.penalty, result.note) == (0, 0.0, None)


def test_hidden_checks_count_in_the_part_of_their_task() -> None:
    hidden = (HiddenRecord("name", "3.2", 1, 4, ""), HiddenRecord("name", "5.1", 2, 2, ""))
    result = grade(handed_in(points("3.2", 6, 6), hidden=hidden), Policy())
    assert result.parts == {3: (7, 10), 5: (2, 2)}
    assert result.weighted == 75


BONUS = points("7.1", 2, 4, bonus=True)
HALF = (points("1.1", 2, 4), points("3.2", 3, 6))


@pytest.mark.parametrize(
    ("tasks", "policy", "percent"),
    [
        ((HALF[0], FULL[1]), Policy(weights={1: 1, 3: 3}), 87.5),
        ((HALF[0], FULL[1]), Policy(weights={1: 0, 3: 3}), 100),
        (FULL, Policy(weights={1: 0.1, 3: 0.2}), 100),
        (FULL, Policy(weights={1: 1, 2: 5, 3: 1}), 100),  # nothing was graded of part 2
        ((*HALF, BONUS), Policy(), 50),
        ((*HALF, BONUS), Policy(weights={1: 1, 3: 1}), 50),
        ((*HALF, BONUS), Policy(count_bonus=True), 70),
        ((*HALF, BONUS), Policy(count_bonus=True, weights={1: 1, 3: 1}), 70),
        ((*FULL, BONUS), Policy(count_bonus=True), 100),  # and no more
    ],
)
def test_weights_and_a_bonus(tasks: tuple[TaskRecord, ...], policy: Policy, percent: float) -> None:
    result = grade(handed_in(*tasks), policy)
    assert result.weighted == result.final == percent
    assert result.bonus == (2 if BONUS in tasks else 0)


@pytest.mark.parametrize(
    ("tasks", "changes", "final", "note"),
    [
        (FULL, {"status": "incomplete", "reason": "no memory"}, 100, "the grading is incomplete"),
        (FULL, {"status": "ungradable", "reason": "no memory"}, 0, "it could not be graded"),
        ((), {"status": "ungradable", "reason": "no memory"}, 0, "it could not be graded"),
    ],
)
def test_what_was_not_graded_in_full_says_so(
    tasks: tuple[TaskRecord, ...], changes: dict[str, Any], final: float, note: str
) -> None:
    result = grade(handed_in(*tasks, **changes), Policy(weights={1: 1, 3: 1}))
    assert (result.weighted, result.final) == (final, final)
    assert result.note == f"{note}: no memory"


def test_where_only_parts_count_that_were_not_graded_that_is_said() -> None:
    nothing = grade(handed_in(*FULL), Policy(weights={1: 0, 2: 1, 3: 0}))
    assert (nothing.weighted, nothing.note) == (0, "the parts that were graded have no weight")


# Lateness

LATE = Policy(deadline=DEADLINE, grace=timedelta(minutes=15), late_per_day=10, late_cap=35)
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


def late(days: float, policy: Policy = LATE, by: str | None = "nbgrader", **changes: Any) -> Grade:
    """The grade of full points that are so late."""
    return grade(handed_in(*FULL, late=timedelta(days), submitted_by=by, **changes), policy)


@pytest.mark.parametrize(
    ("after", "days", "penalty"),
    [
        (-3 * DAY, 0, 0),
        (0 * DAY, 0, 0),
        (15 * MINUTE, 0, 0),
        (15 * MINUTE + MOMENT, 1, 10),
        (DAY, 1, 10),  # counted from the deadline, not from the end of the grace
        (DAY + MOMENT, 2, 20),
        (3 * DAY, 3, 30),
        (4 * DAY, 4, 35),
        (400 * DAY, 400, 35),
    ],
)
def test_late_days(after: timedelta, days: int, penalty: float) -> None:
    result = grade(handed_in(points("1.1", 1, 2), late=after), LATE)
    assert (result.late_days, result.penalty, result.note) == (days, penalty, None)
    assert result.weighted == 50
    assert result.final == pytest.approx(50 * (1 - penalty / 100))  # percent of the score


@pytest.mark.parametrize(
    ("submitted", "days"), [("2026-12-02T08:00:00+09:00", 0), ("2026-12-01T20:00:00-05:00", 1)]
)
def test_times_in_different_zones_are_compared_as_moments(submitted: str, days: int) -> None:
    assert late(0, submitted=submitted).late_days == days


def test_an_extension_replaces_the_deadline_and_has_its_grace() -> None:
    extended = replace(LATE, extensions={"anna": DEADLINE + 2 * DAY})
    assert late(2.006, extended).late_days == 0
    assert late(2.006, extended, student_id="ben").late_days == 3
    assert late(2.006, replace(extended, deadline=None), student_id="ben").late_days == 0


def test_the_policy_knows_better_when_something_was_handed_in() -> None:
    policy = replace(LATE, submitted={"anna": DEADLINE})
    assert late(2, policy).late_days == 0
    assert late(2, policy, student_id="ben").late_days == 2
    assert late(0, policy, submitted=None).note is None


@pytest.mark.parametrize("submitted", [None, "", "yesterday", "2026-12-24T00:00:00"])
def test_an_unknown_time_costs_nothing_but_is_noted(submitted: str | None) -> None:
    result = late(0, submitted=submitted)
    assert (result.late_days, result.penalty, result.final) == (0, 0, 100)
    assert result.note == (
        "it is not known when this was handed in, so nothing was taken off for lateness"
    )
    assert late(0, Policy(), submitted=submitted).note is None


def test_everything_can_be_lost_but_not_more() -> None:
    result = late(2, Policy(deadline=DEADLINE, late_per_day=60))
    assert (result.penalty, result.final) == (100, 0)


# Slip days and the cut-off


@pytest.mark.parametrize(
    ("days", "used", "penalty", "note"),
    [
        (0, 0, 0, None),
        (2, 2, 0, "2 of 3 slip days used"),
        (3, 3, 0, "3 of 3 slip days used"),
        (5, 3, 20, "3 of 3 slip days used"),
    ],
)
def test_slip_days_cost_nothing(days: int, used: int, penalty: float, note: str | None) -> None:
    result = late(days, replace(LATE, slip_days=3))
    assert (result.late_days, result.slip_days) == (days, (used, 3))
    assert (result.penalty, result.note) == (penalty, note)


def test_slip_days_are_counted_from_an_extension() -> None:
    policy = replace(LATE, slip_days=1, extensions={"anna": DEADLINE + 2 * DAY})
    assert (late(3, policy).final, late(3, policy).note) == (100, "1 of 1 slip day used")


def test_a_time_that_proves_nothing_uses_no_slip_day() -> None:
    result = late(2, replace(LATE, slip_days=3), "file time")
    assert result.slip_days == (0, 3)
    assert "slip" not in str(result.note)


CUT_OFF = replace(LATE, slip_days=9, cut_off=DEADLINE + 4 * DAY)
LATER = replace(CUT_OFF, extensions={"anna": DEADLINE + 7 * DAY})
EARLIER = replace(CUT_OFF, extensions={"anna": DEADLINE + 2 * DAY})


def test_after_the_cut_off_the_grade_is_0_and_the_score_stays() -> None:
    result = late(5, CUT_OFF)
    assert (result.final, result.score, result.weighted) == (0, 10, 100)
    assert (result.penalty, result.slip_days) == (100, (0, 9))
    assert result.note == "submitted after the cut-off (2026-12-05 23:59+00:00), so it is 0"


@pytest.mark.parametrize(
    ("policy", "after", "by", "final"),
    [
        (CUT_OFF, 4 * DAY + 15 * MINUTE, "list", 100),  # the grace applies
        (CUT_OFF, 4 * DAY + 16 * MINUTE, "list", 0),
        (LATER, 7 * DAY, "list", 100),  # a later extension moves it
        (LATER, 8 * DAY, "list", 0),
        (EARLIER, 4 * DAY, "list", 100),  # an earlier one does not
        (EARLIER, 5 * DAY, "list", 0),
        (CUT_OFF, 9 * DAY, "file time", 100),  # which proves nothing
        (CUT_OFF, 9 * DAY, None, 100),
    ],
)
def test_when_the_cut_off_applies(
    policy: Policy, after: timedelta, by: str | None, final: float
) -> None:
    assert grade(handed_in(*FULL, late=after, submitted_by=by), policy).final == final


# Who says when it was handed in


@pytest.mark.parametrize("by", ["list", "Gradescope", "nbgrader"])
def test_the_time_of_a_platform_counts(by: str) -> None:
    assert late(2, by=by).penalty == 20


@pytest.mark.parametrize("by", ["file time", None])  # older records do not say who
def test_the_time_of_a_file_costs_nothing_and_is_noted(by: str | None) -> None:
    result = late(2, by=by)
    assert (result.late_days, result.final) == (0, 100)
    assert result.note == (
        "late by 2 days if the times of its files are those of handing in, which a copy changes; "
        "nothing was taken off for lateness"
    )
    assert late(0, by=by).note is None


MARKED = {"submitted": None, "submitted_by": "Canvas", "marked_late": True}


def test_a_mark_of_late_costs_nothing_as_it_does_not_say_how_late() -> None:
    result = grade(handed_in(*FULL, **MARKED), LATE)
    assert (result.late_days, result.final) == (0, 100)
    assert result.note == (
        "Canvas marks it as late, and does not say how late, so nothing was taken off for lateness"
    )
    in_time = grade(handed_in(*FULL, **MARKED | {"marked_late": False}), LATE)
    assert (in_time.late_days, in_time.note) == (0, None)


def test_what_a_class_is_judged_by_is_said() -> None:
    def class_of(minutes: list[float], by: str = "file time") -> list[Record]:
        return [
            handed_in(late=after * MINUTE, submitted_by=by, student_id=f"s{number}")
            for number, after in enumerate(minutes)
        ]

    copied = class_of([0, 1, 2.5])
    only_files, a_copy = remarks(copied, LATE)
    assert only_files == (
        "when 3 of 3 handed in is known from the times of their files only, so nothing is taken "
        "off for lateness there; give the times with --submitted, or in [submitted] of the policy"
    )
    assert a_copy == "these times lie within 3 min: they are those of a copy, not of handing in"
    assert remarks(class_of([0, 1, 600]), LATE) == [only_files]
    assert remarks(class_of([0, 1, 2], "nbgrader"), LATE) == []
    assert remarks(copied, Policy(weights={1: 1})) == []
    marked = handed_in(**MARKED)
    assert remarks([marked], LATE) == [
        "marked as late, without saying how late: anna; nothing is taken off until their times "
        "are given with --submitted, or in [submitted] of the policy"
    ]
    assert remarks([marked], replace(LATE, submitted={"anna": DEADLINE})) == []
