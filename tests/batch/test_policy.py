"""The policy: what its file may say, what is said when it cannot be, and the grades it gives."""

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grading.batch.policy import Policy, grade, load, remarks
from grading.batch.records import HiddenRecord, Record, TaskRecord
from grading.errors import UsageError
from grading.manifest import Course
from tests.courses import ROOT

DEADLINE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
WEIGHTS = "[weights]\n" + "".join(f"part{part} = 1\n" for part in range(1, 7))


def task(id_: str, score: int, max_score: int) -> TaskRecord:
    return TaskRecord(id_, "title", score, max_score, "passed", "", None, 0.0)


def record(*tasks: TaskRecord, hidden: tuple[HiddenRecord, ...] = (), **changes: object) -> Record:
    """A complete record of anna's, handed in at the deadline."""
    whole = Record(
        student_id="anna",
        submission_sha256="",
        checks_sha256="",
        seed=0,
        started="2026-12-02T08:00:00+00:00",
        seconds=1.0,
        status="complete",
        reason=None,
        score=sum(check.score for check in (*tasks, *hidden) if not check.bonus),
        max_score=sum(check.max_score for check in (*tasks, *hidden) if not check.bonus),
        sandbox="none",
        tasks=tasks,
        hidden=hidden,
        submitted=DEADLINE.isoformat(),
        submitted_by="nbgrader",
    )
    return dataclasses.replace(whole, **changes)


FULL = record(task("1.1", 4, 4), task("3.2", 6, 6))


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deadlin = 1", "there is no setting deadlin; did you mean deadline?"),
        (
            "colour = 1",
            "there is no setting colour; known are deadline, grace_minutes, count_bonus, late, "
            "extensions, submitted, weights",
        ),
        (
            "[late]\npercent_a_day = 1",
            "there is no setting late.percent_a_day; did you mean percent_per_day?",
        ),
        (
            "[late]\ngrace_minutes = 1",
            "grace_minutes must stand above the first [section], not in [late]",
        ),
        (
            "[extensions]\ndeadline = 2026-12-01T23:59:00Z",
            "deadline must stand above the first [section], not in [extensions]",
        ),
        (
            "deadline = 2026-12-01T23:59:00",
            f"deadline is 2026-12-01 23:59:00, without an offset; it must be {TIME}",
        ),
        (
            "deadline = 2026-12-01",
            f"deadline is 2026-12-01, but must be {TIME}, without quotes",
        ),
        (
            'deadline = "2026-12-01T23:59:00Z"',
            f'deadline is "2026-12-01T23:59:00Z", but must be {TIME}, without quotes',
        ),
        (
            "[extensions]\nanna = 2026-12-01T23:59:00",
            f"extensions.anna is 2026-12-01 23:59:00, without an offset; it must be {TIME}",
        ),
        ("[submitted]\nanna = 3", f"submitted.anna is 3, but must be {TIME}, without quotes"),
        (
            "[extensions]\nben.miller = 2026-12-01T23:59:00Z",
            "a dot in extensions.ben.miller splits the student id; "
            'put it in quotes, as in "anna.smith" = …',
        ),
        ("extensions = 1", "extensions is 1, but must be a section that starts with [extensions]"),
        ("late = 10", "late is 10, but must be a section that starts with [late]"),
        ("grace_minutes = -1", "grace_minutes is -1, but must be a number from 0 to 525600"),
        ("grace_minutes = true", "grace_minutes is true, but must be a number from 0 to 525600"),
        ("grace_minutes = nan", "grace_minutes is nan, but must be a number from 0 to 525600"),
        (
            '[late]\npercent_per_day = "10"',
            'late.percent_per_day is "10", but must be a number from 0 to 100',
        ),
        (
            "[late]\nmost_percent = 101",
            "late.most_percent is 101, but must be a number from 0 to 100",
        ),
        (
            "[late]\npercent_per_day = 10",
            "late.percent_per_day needs a deadline to count from; add deadline = …",
        ),
        (
            "deadline = 2026-12-01T23:59:00Z\n[late]\npercent_per_day = 5\nslip_days = -1",
            "late.slip_days is -1, but must be a whole number from 0 to 365",
        ),
        (
            "deadline = 2026-12-01T23:59:00Z\n[late]\npercent_per_day = 5\nslip_days = 1.5",
            "late.slip_days is 1.5, but must be a whole number from 0 to 365",
        ),
        (
            "deadline = 2026-12-01T23:59:00Z\n[late]\nslip_days = 3",
            "late.slip_days is 3, but a late day costs nothing; add percent_per_day = …",
        ),
        (
            "deadline = 2026-12-01T23:59:00Z\n[late]\ncut_off = 2026-12-01T23:58:00Z",
            "late.cut_off is 2026-12-01 23:58:00+00:00, before the deadline, "
            "2026-12-01 23:59:00+00:00; it must be the same time or later",
        ),
        (
            "[late]\ncut_off = 2026-12-01T23:58:00Z",
            "late.cut_off is 2026-12-01 23:58:00+00:00, without a deadline; add deadline = …",
        ),
        (
            "deadline = 2026-12-01T23:59:00Z\n[late]\ncut_off = 3",
            f"late.cut_off is 3, but must be {TIME}, without quotes",
        ),
        (
            "[weights]\npart1 = 1\npart3 = 1\npart4 = 1",
            "weights lacks part2, part5, part6; name every part, with 0 if it does not count",
        ),
        ("[weights]\nprat3 = 1", "there is no setting weights.prat3; did you mean part3?"),
        (
            WEIGHTS.replace("part3 = 1", "part3 = -1"),
            "weights.part3 is -1, but must be a number from 0 up",
        ),
        (
            WEIGHTS.replace("part3 = 1", "part3 = inf"),
            "weights.part3 is inf, but must be a number from 0 up",
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
    result = grade(record(task("1.1", 4, 4), task("1.2", 0, 2), task("3.2", 3, 6)), Policy())
    assert (result.student_id, result.score, result.max_score) == ("anna", 7, 12)
    assert result.parts == {1: (4, 6), 3: (3, 6)}
    assert result.weighted == result.final == round(700 / 12, 6)
    assert (result.late_days, result.penalty, result.note) == (0, 0.0, None)


def test_hidden_checks_count_in_the_part_of_their_task() -> None:
    hidden = (HiddenRecord("name", "3.2", 1, 4, ""), HiddenRecord("name", "5.1", 2, 2, ""))
    result = grade(record(task("3.2", 6, 6), hidden=hidden), Policy())
    assert result.parts == {3: (7, 10), 5: (2, 2)}
    assert result.weighted == 75


def test_weights() -> None:
    half = record(task("1.1", 2, 4), task("3.2", 6, 6))
    assert grade(half, Policy(weights={1: 1, 3: 3})).weighted == 87.5
    assert grade(half, Policy(weights={1: 0, 3: 3})).weighted == 100
    assert grade(FULL, Policy(weights={1: 0.1, 3: 0.2})).weighted == 100


def test_a_bonus_counts_only_where_the_policy_says_so() -> None:
    extra = dataclasses.replace(task("7.1", 2, 4), bonus=True)
    half = record(task("1.1", 2, 4), task("3.2", 3, 6), extra)
    assert (half.score, half.max_score) == (5, 10)
    assert grade(half, Policy()).weighted == 50
    assert grade(half, Policy(weights={1: 1, 3: 1})).weighted == 50
    assert grade(half, Policy(count_bonus=True)).weighted == 70
    assert grade(half, Policy(count_bonus=True, weights={1: 1, 3: 1})).weighted == 70
    assert grade(half, Policy()).bonus == grade(half, Policy(count_bonus=True)).bonus == 2


def test_a_bonus_that_counts_goes_no_higher_than_100_percent() -> None:
    extra = dataclasses.replace(task("7.1", 4, 4), bonus=True)
    full = record(*FULL.tasks, extra)
    assert grade(full, Policy(count_bonus=True)).final == 100


def test_an_optional_part_has_no_weight(tmp_path: Path, course: Course) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(WEIGHTS + "part7 = 1\n")
    with pytest.raises(UsageError, match=r"there is no setting weights\.part7"):
        load(path, course)


def test_parts_that_were_not_graded_have_no_weight() -> None:
    policy = Policy(weights={1: 1, 2: 5, 3: 1})
    assert grade(FULL, policy).weighted == 100
    nothing = grade(FULL, Policy(weights={1: 0, 2: 1, 3: 0}))
    assert nothing.weighted == 0
    assert nothing.note == "the parts that were graded have no weight"


def test_what_could_not_be_graded_gets_nothing_and_says_so() -> None:
    for tasks in ((), FULL.tasks):
        bad = record(*tasks, status="ungradable", reason="the folder is empty", submitted=None)
        result = grade(bad, Policy(weights={1: 1, 3: 1}))
        assert (result.weighted, result.final) == (0.0, 0.0)
        assert result.note == "it could not be graded: the folder is empty"


def test_an_incomplete_record_is_graded_with_a_note() -> None:
    result = grade(dataclasses.replace(FULL, status="incomplete", reason="no memory"), Policy())
    assert (result.final, result.note) == (100, "the grading is incomplete: no memory")


# Lateness

LATE = Policy(deadline=DEADLINE, grace=timedelta(minutes=15), late_per_day=10, late_cap=35)


@pytest.mark.parametrize(
    ("after", "days", "penalty"),
    [
        (timedelta(days=-3), 0, 0),
        (timedelta(0), 0, 0),
        (timedelta(minutes=15), 0, 0),
        (timedelta(minutes=15, microseconds=1), 1, 10),
        (timedelta(days=1), 1, 10),  # counted from the deadline, not from the end of the grace
        (timedelta(days=1, microseconds=1), 2, 20),
        (timedelta(days=3), 3, 30),
        (timedelta(days=4), 4, 35),
        (timedelta(days=400), 400, 35),
    ],
)
def test_late_days(after: timedelta, days: int, penalty: float) -> None:
    half = record(task("1.1", 1, 2), submitted=(DEADLINE + after).isoformat())
    result = grade(half, LATE)
    assert (result.late_days, result.penalty) == (days, penalty)
    assert result.weighted == 50
    assert result.final == pytest.approx(50 * (1 - penalty / 100))  # percent of the score
    assert result.note is None


def test_times_in_different_zones_are_compared_as_moments() -> None:
    on_time = dataclasses.replace(FULL, submitted="2026-12-02T08:00:00+09:00")  # 23:00 UTC
    assert grade(on_time, LATE).late_days == 0
    assert grade(dataclasses.replace(FULL, submitted="2026-12-01T20:00:00-05:00"), LATE).late_days


def test_an_extension_replaces_the_deadline_and_has_its_grace() -> None:
    extended = dataclasses.replace(LATE, extensions={"anna": DEADLINE + timedelta(days=2)})
    handed_in = dataclasses.replace(
        FULL, submitted=(DEADLINE + timedelta(days=2, minutes=10)).isoformat()
    )
    assert grade(handed_in, extended).late_days == 0
    assert grade(dataclasses.replace(handed_in, student_id="ben"), extended).late_days == 3
    only = dataclasses.replace(extended, deadline=None)
    assert grade(dataclasses.replace(handed_in, student_id="ben"), only).late_days == 0


def test_the_policy_knows_better_when_something_was_handed_in() -> None:
    late = dataclasses.replace(FULL, submitted=(DEADLINE + timedelta(days=2)).isoformat())
    policy = dataclasses.replace(LATE, submitted={"anna": DEADLINE})
    assert grade(late, policy).late_days == 0
    assert grade(dataclasses.replace(late, student_id="ben"), policy).late_days == 2
    assert grade(dataclasses.replace(FULL, submitted=None), policy).note is None


@pytest.mark.parametrize("submitted", [None, "", "yesterday", "2026-12-24T00:00:00"])
def test_an_unknown_time_costs_nothing_but_is_noted(submitted: str | None) -> None:
    unknown = dataclasses.replace(FULL, submitted=submitted)
    result = grade(unknown, LATE)
    assert (result.late_days, result.penalty, result.final) == (0, 0, 100)
    assert result.note == (
        "it is not known when this was handed in, so nothing was taken off for lateness"
    )
    assert grade(unknown, Policy()).note is None


def test_everything_can_be_lost_but_not_more() -> None:
    policy = Policy(deadline=DEADLINE, late_per_day=60)
    late = dataclasses.replace(FULL, submitted=(DEADLINE + timedelta(days=2)).isoformat())
    assert grade(late, policy).penalty == 100
    assert grade(late, policy).final == 0


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
    result = grade(handed_in(timedelta(days=days), "list"), replace(LATE, slip_days=3))
    assert (result.late_days, result.slip_days) == (days, (used, 3))
    assert (result.penalty, result.note) == (penalty, note)


def test_slip_days_are_counted_from_an_extension() -> None:
    policy = replace(LATE, slip_days=1, extensions={"anna": DEADLINE + timedelta(days=2)})
    result = grade(handed_in(timedelta(days=3), "list"), policy)
    assert (result.final, result.note) == (100, "1 of 1 slip day used")


def test_a_time_that_proves_nothing_uses_no_slip_day() -> None:
    result = grade(handed_in(timedelta(days=2), "file time"), replace(LATE, slip_days=3))
    assert result.slip_days == (0, 3)
    assert "slip" not in str(result.note)


CUT_OFF = replace(LATE, slip_days=9, cut_off=DEADLINE + timedelta(days=4))


def test_after_the_cut_off_the_grade_is_0_and_the_score_stays() -> None:
    result = grade(handed_in(timedelta(days=5), "list"), CUT_OFF)
    assert (result.final, result.score, result.weighted) == (0, 10, 100)
    assert (result.penalty, result.slip_days) == (100, (0, 9))
    assert result.note == "submitted after the cut-off (2026-12-05 23:59+00:00), so it is 0"


def test_the_grace_applies_to_the_cut_off() -> None:
    assert grade(handed_in(timedelta(days=4, minutes=15), "list"), CUT_OFF).final == 100
    assert grade(handed_in(timedelta(days=4, minutes=16), "list"), CUT_OFF).final == 0


def test_a_later_extension_moves_the_cut_off_and_an_earlier_one_does_not() -> None:
    later = replace(CUT_OFF, extensions={"anna": DEADLINE + timedelta(days=7)})
    assert grade(handed_in(timedelta(days=7), "list"), later).final == 100
    assert grade(handed_in(timedelta(days=8), "list"), later).final == 0
    earlier = replace(CUT_OFF, extensions={"anna": DEADLINE + timedelta(days=2)})
    assert grade(handed_in(timedelta(days=4), "list"), earlier).final == 100
    assert grade(handed_in(timedelta(days=5), "list"), earlier).final == 0


def test_a_time_that_proves_nothing_is_not_cut_off() -> None:
    for by in ("file time", None):
        assert grade(handed_in(timedelta(days=9), by), CUT_OFF).final == 100


# Who says when it was handed in


@pytest.mark.parametrize("by", ["list", "Gradescope", "nbgrader"])
def test_the_time_of_a_platform_counts(by: str) -> None:
    assert grade(handed_in(timedelta(days=2), by), LATE).penalty == 20


@pytest.mark.parametrize("by", ["file time", None])  # older records do not say who
def test_the_time_of_a_file_costs_nothing_and_is_noted(by: str | None) -> None:
    result = grade(handed_in(timedelta(days=2), by), LATE)
    assert (result.late_days, result.final) == (0, 100)
    assert result.note == (
        "late by 2 days if the times of its files are those of handing in, which a copy changes; "
        "nothing was taken off for lateness"
    )
    assert grade(handed_in(timedelta(0), by), LATE).note is None


def test_a_mark_of_late_costs_nothing_as_it_does_not_say_how_late() -> None:
    marked = dataclasses.replace(FULL, submitted=None, submitted_by="Canvas", marked_late=True)
    result = grade(marked, LATE)
    assert (result.late_days, result.final) == (0, 100)
    assert result.note == (
        "Canvas marks it as late, and does not say how late, so nothing was taken off for lateness"
    )
    in_time = grade(dataclasses.replace(marked, marked_late=False), LATE)
    assert (in_time.late_days, in_time.note) == (0, None)


def test_what_a_class_is_judged_by_is_said() -> None:
    def class_of(minutes: list[float], by: str = "file time") -> list[Record]:
        return [
            dataclasses.replace(handed_in(timedelta(minutes=late), by), student_id=f"s{number}")
            for number, late in enumerate(minutes)
        ]

    copied = class_of([0, 1, 2.5])
    only_files, a_copy = remarks(copied, LATE)
    assert only_files == (
        "when 3 of 3 handed in is known from the times of their files only, so nothing is taken "
        "off for lateness there; give the times with --submitted, or in [submitted] of the policy"
    )
    assert a_copy == ("these times lie within 3 min: they are those of a copy, not of handing in")
    assert remarks(class_of([0, 1, 600]), LATE) == [only_files]
    assert remarks(class_of([0, 1, 2], "nbgrader"), LATE) == []
    assert remarks(copied, Policy(weights={1: 1})) == []
    marked = dataclasses.replace(FULL, submitted=None, submitted_by="Canvas", marked_late=True)
    assert remarks([marked], LATE) == [
        "marked as late, without saying how late: anna; nothing is taken off until their times "
        "are given with --submitted, or in [submitted] of the policy"
    ]
    assert remarks([marked], dataclasses.replace(LATE, submitted={"anna": DEADLINE})) == []


def handed_in(late: timedelta, by: str | None) -> Record:
    return dataclasses.replace(FULL, submitted=(DEADLINE + late).isoformat(), submitted_by=by)
