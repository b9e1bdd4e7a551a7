"""Points and comments by hand: what their file may say, and what counts then."""

from pathlib import Path

import pytest

from grading.batch.adjustments import (
    NO_ADJUSTMENTS,
    Adjustments,
    Comment,
    Override,
    adjusted,
    given,
    kept_in,
    load,
    without_effect,
)
from grading.batch.records import CheckRecord, HiddenRecord, Record, TaskRecord
from grading.errors import UsageError
from grading.manifest import Course
from tests.courses import ROOT, put
from tests.records import record

OVERRIDE = """\
[[override]]
student = "anna"
task = "1.1"
points = 30
reason = "The check is too strict."
"""
OF_A_CHECK = """\
[[override]]
student = "anna"
task = "1.1"
check = "test_add_nothing"
points = 10
reason = "It is right."
"""
COMMENT = '[[comment]]\nstudent = "anna"\ntext = "Well done."\n'


def read(course: Course, folder: Path, text: str, *students: str) -> Adjustments:
    put(folder, {"adjustments.toml": text})
    return load(folder / "adjustments.toml", course, students or None)


# The file


def test_the_example_can_be_loaded_and_sets_everything(course: Course) -> None:
    found = load(ROOT / "docs" / "adjustments.example.toml", course, {"anna", "ben.miller"})
    assert [(one.student, one.what, one.points) for one in found.overrides] == [
        ("anna", "3.2", 4),
        ("ben.miller", "1.1 centring leaves its input alone", 0),
    ]
    assert [(one.student, one.task) for one in found.comments] == [
        ("anna", "4.2"),
        ("ben.miller", None),
    ]
    assert found.comments[0].text.count("\n") == 1


def test_nothing_is_kept_where_there_is_no_file(small: Course, tmp_path: Path) -> None:
    assert kept_in(tmp_path, small) == NO_ADJUSTMENTS
    put(tmp_path, {"adjustments.toml": COMMENT})
    assert kept_in(tmp_path, small).comments == (Comment("anna", None, "Well done."),)


@pytest.mark.parametrize("name", ["test_add_nothing", "add_nothing", "add nothing"])
def test_a_check_is_named_as_in_its_file_or_in_reports(
    small: Course, tmp_path: Path, name: str
) -> None:
    (one,) = read(small, tmp_path, OF_A_CHECK.replace("test_add_nothing", name)).overrides
    assert one == Override("anna", "1.1", "add nothing", 10, "It is right.")


ONE, WHOLE = "override 1 (anna, 1.1)", "a whole number from 0 to"
OF_CHECK = "override 1 (anna, 1.1, test_add_nothing)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[overide]]", "there is no section overide; known are [[override]] and [[comment]]"),
        ("[override]", "each override must be a section that starts with [[override]]"),
        (OVERRIDE + 'raeson = ""', f"{ONE}: there is no setting raeson; did you mean reason?"),
        (
            COMMENT + OVERRIDE.replace("anna", "ana"),
            "override 1 (ana, 1.1): there is no submission of ana; did you mean anna?",
        ),
        (
            COMMENT.replace("anna", "zoe"),
            "comment 1 (zoe): there is no submission of zoe; remove the entry or correct the name",
        ),
        (
            OVERRIDE.replace('"anna"', "17"),
            "override 1 (17, 1.1): student is 17, but must be a text; put it in quotes",
        ),
        (
            OVERRIDE.replace('task = "1.1"\n', ""),
            'override 1 (anna): task is missing; name it, as in task = "1.1"',
        ),
        (
            OVERRIDE.replace('"1.1"', "1.1"),
            f"{ONE}: task is 1.1, but must be a text; put it in quotes",
        ),
        (
            OVERRIDE.replace("1.1", "1.3"),
            "override 1 (anna, 1.3): there is no task 1.3; the tasks are 1.1 and 1.2",
        ),
        (
            COMMENT + 'task = "5"',
            "comment 1 (anna, 5): there is no task 5; the tasks are 1.1, 1.2 and 2.1",
        ),
        (
            OF_A_CHECK.replace("test_add_nothing", "test_ad_nothing"),
            "override 1 (anna, 1.1, test_ad_nothing): task 1.1 has no check test_ad_nothing; did "
            "you mean add nothing?",
        ),
        (
            OF_A_CHECK.replace("test_add_nothing", "zero"),
            "override 1 (anna, 1.1, zero): task 1.1 has no check zero; its checks are add and add "
            "nothing",
        ),
        (OVERRIDE.replace("30", "41"), f"{ONE}: points is 41, but must be {WHOLE} 40"),
        (OVERRIDE.replace("30", "-1"), f"{ONE}: points is -1, but must be {WHOLE} 40"),
        (OF_A_CHECK.replace("= 10", "= 2.5"), f"{OF_CHECK}: points is 2.5, but must be {WHOLE} 10"),
        (OVERRIDE.replace("points = 30\n", ""), f"{ONE}: points is missing; say how many count"),
        (
            OVERRIDE.replace("The check is too strict.", " "),
            f"{ONE}: reason is empty; say why the points change; the student reads it",
        ),
        (
            COMMENT.replace('text = "Well done."', ""),
            "comment 1 (anna): text is missing; say what the student should read",
        ),
        (OVERRIDE * 2, f"override 2 (anna, 1.1): {ONE} is about the same; merge the two"),
        (COMMENT * 2, "comment 2 (anna): comment 1 (anna) is about the same; merge the two"),
        (
            OF_A_CHECK + OVERRIDE,
            f"{OF_CHECK}: override 2 (anna, 1.1) sets the points of the whole task, which has this "
            "check; keep one of them",
        ),
    ],
)
def test_what_cannot_be_is_said(small: Course, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(small, tmp_path, text, "anna", "ben")
    assert str(raised.value) == f"{tmp_path / 'adjustments.toml'}: {message}"


def test_a_hidden_check_is_told_from_one_of_the_same_name(tmp_path: Path, small: Course) -> None:
    root = put(tmp_path / "course", {})
    copy = Course(root, small.title, small.parts)
    checks = (small.exercises / "part1" / "test_part1.py").read_text()
    put(root, {f"{folder}/part1/test_part1.py": checks for folder in ("exercises", "tests/hidden")})
    text = OVERRIDE + OF_A_CHECK.replace("test_add_nothing", "test_add_nothing (hidden)")
    assert [one.what for one in read(copy, tmp_path, text).overrides] == [
        "1.1",
        "1.1 add nothing (hidden)",
    ]
    with pytest.raises(UsageError, match="sets the points of the whole task"):
        read(copy, tmp_path, OVERRIDE + OF_A_CHECK)


# What counts

TASK = TaskRecord(
    *("1.1", "add", 10, 40, "wrong", "", None, 0.0),
    checks=(CheckRecord("test_add", 30, "wrong"), CheckRecord("test_add_nothing", 10, "passed")),
)
EARNED = record("anna", (TASK,), (HiddenRecord("add nothing", "1.1", 0, 5, "Hidden."),))


def override(points: int, check: str | None = None, task: str = "1.1") -> Override:
    return Override("anna", task, check, points, "Because.")


def counted(*overrides: Override, of: Record = EARNED) -> Record:
    return adjusted(of, Adjustments(overrides))


def test_the_points_of_a_task_and_of_its_checks_change_the_score() -> None:
    assert (EARNED.score, EARNED.max_score) == (10, 45)
    whole = counted(override(35))
    assert (whole.score, whole.tasks[0].score, whole.hidden[0].score) == (35, 35, 0)
    assert counted(override(20, "add")).tasks[0].score == 30
    assert counted(override(20, "add"), override(0, "add nothing")).score == 20
    hidden = counted(override(5, "add nothing (hidden)"))
    assert (hidden.score, hidden.tasks[0].score, hidden.hidden[0].score) == (15, 10, 5)


def test_only_points_change() -> None:
    whole = counted(override(40))
    assert (whole.tasks[0].state, whole.tasks[0].checks) == (TASK.state, TASK.checks)
    assert adjusted(EARNED, NO_ADJUSTMENTS) is EARNED


def test_a_bonus_stays_beside_the_score() -> None:
    bonus = TaskRecord("7.1", "extra", 0, 4, "wrong", "", None, 0.0, bonus=True)
    found = counted(override(3, task="7.1"), of=record("anna", (TASK, bonus)))
    assert (found.score, found.tasks[1].score) == (10, 3)


def test_others_keep_what_they_earned() -> None:
    other = record("ben", (TASK,))
    assert counted(override(40), of=other) is other


def test_an_override_says_what_it_replaces() -> None:
    found = given(EARNED, Adjustments((override(35), override(1, "add nothing (hidden)"))))
    assert [one.words for one in found] == [
        "1.1: 10 → 35 points",
        "1.1 add nothing (hidden): 0 → 1 point",
    ]


def test_what_the_record_does_not_have_or_is_worth_less_has_no_effect() -> None:
    overrides = (override(1, task="2.1"), override(41), override(9, "gone"))
    assert given(EARNED, Adjustments(overrides)) == ()
    assert without_effect(EARNED, Adjustments(overrides)) == list(overrides)
    assert without_effect(EARNED, Adjustments((override(40),))) == []


def test_of_a_part_are_what_is_about_it_and_about_everything() -> None:
    comments = tuple(Comment("anna", task, "text") for task in ("1.1", "2.1", None))
    found = Adjustments((override(1), override(2, task="2.1")), comments).of("anna", 2)
    assert [one.task for one in found.overrides] == ["2.1"]
    assert [one.task for one in found.comments] == ["2.1", None]
