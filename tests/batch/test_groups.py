"""Whose submission is whose: by the ids of a roster, by platforms, and one for each group."""

import os
from pathlib import Path

import pytest

from grading.batch.groups import by_roster
from grading.batch.platforms import HandIn, find
from grading.batch.roster import Student, read
from grading.errors import UsageError
from grading.manifest import Course
from tests.courses import PARTLY, RIGHT, put

TEAM = {
    "anna": Student("anna", group="team-1"),
    "ben": Student("ben", group="team-1"),
    "cara": Student("cara", "Cara Cole"),
}


def handed_in(folder: Path, *names: str) -> list[HandIn]:
    for name in names:
        put(folder / name, RIGHT) if "." not in name else (folder / name).write_text("x = 1\n")
    return find(folder)[0]


def owners(found: list[HandIn]) -> list[list[str]]:
    return [[one.student_id for one in hand_in.members] for hand_in in found]


@pytest.mark.parametrize("name", ["anna", "ben", "team-1", "ben+anna"])
def test_a_group_hands_in_one_submission_from_any_member_or_under_its_name(
    small: Course, tmp_path: Path, name: str
) -> None:
    found, warnings = by_roster(small, handed_in(tmp_path, name, "cara"), TEAM)
    assert owners(found) == [["anna", "ben"], ["cara"]]
    assert found[0].pieces[0].path.name == name
    assert warnings == []


def test_whom_a_platform_names_together_is_a_group(small: Course, tmp_path: Path) -> None:
    plain = {one: Student(one) for one in ("anna", "ben", "cara")}
    found, _ = by_roster(small, handed_in(tmp_path, "anna+cara", "ben"), plain)
    assert owners(found) == [["anna", "cara"], ["ben"]]


def test_a_number_of_the_platform_is_an_id_and_stays_the_students_own(
    small: Course, tmp_path: Path
) -> None:
    (tmp_path / "bergann_101_7_sums.py").write_text("x = 1\n")
    numbers = {one: Student(one, group="A") for one in ("100", "101")}
    ((found,), _) = by_roster(small, find(tmp_path)[0], numbers)
    assert (found.student_id, found.platform_id) == ("100", None)
    assert [(one.student_id, one.platform_id) for one in found.others] == [("101", "101")]


def test_of_two_members_the_later_submission_counts_and_both_are_named(
    small: Course, tmp_path: Path
) -> None:
    for name, files, time in (("anna", RIGHT, 2_000_000), ("ben", PARTLY, 1_000_000)):
        for path in files:
            os.utime(put(tmp_path / name, files) / path, (time, time))
    ((found,), warnings) = by_roster(small, find(tmp_path)[0], TEAM)
    assert found.pieces[0].path.name == "anna"
    assert warnings == [
        "anna and ben are a group, and ben and anna handed in different work: that of anna "
        "counts, the latest by the times of its files that can be graded"
    ]


def test_a_student_with_two_submissions_is_no_group(small: Course, tmp_path: Path) -> None:
    put(tmp_path / "Jane Doe_42_assignsubmission_file_", RIGHT)
    put(tmp_path / "Participant 42", PARTLY)
    roster = {"Participant 42": Student("Participant 42")}
    _, (warning,) = by_roster(small, find(tmp_path)[0], roster)
    assert warning.startswith("Participant 42 has several submissions, and ")


def test_a_later_submission_that_cannot_be_graded_does_not_count(
    small: Course, tmp_path: Path
) -> None:
    put(tmp_path / "anna", RIGHT)
    put(tmp_path / "ben", {})
    ((found,), warnings) = by_roster(small, find(tmp_path)[0], TEAM)
    assert found.pieces[0].path.name == "anna"
    assert len(warnings) == 1


def test_the_same_work_twice_is_no_matter(small: Course, tmp_path: Path) -> None:
    found, warnings = by_roster(small, handed_in(tmp_path, "anna", "ben"), TEAM)
    assert owners(found) == [["anna", "ben"]]
    assert warnings == []


def test_who_is_not_on_the_roster_is_named_with_who_is_probably_meant(
    small: Course, tmp_path: Path
) -> None:
    found, warnings = by_roster(small, handed_in(tmp_path, "ana", "cara cole", "zoe", "ben"), TEAM)
    assert owners(found) == [["ana"], ["anna", "ben"], ["cara cole"], ["zoe"]]
    assert warnings == ["not on the roster: ana, cara cole (did you mean cara?) and zoe"]
    _, warnings = by_roster(small, handed_in(tmp_path / "two", "ana", "cara"), TEAM)
    assert warnings == ["not on the roster: ana (did you mean anna?)"]


def test_a_roster_of_another_class_is_refused(small: Course, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        by_roster(small, handed_in(tmp_path, "zoe"), TEAM)
    assert str(raised.value) == (
        "nobody who handed in is on the roster: it has anna, ben and cara; submissions are from zoe"
    )


def test_moodles_grading_worksheet_is_a_roster(small: Course, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade\nParticipant 42,Jane Doe,j@x,,\n"
    )
    put(tmp_path / "class" / "Jane Doe_42_assignsubmission_file_", RIGHT)
    roster, _ = read(tmp_path / "sheet.csv")
    ((found,), warnings) = by_roster(small, find(tmp_path / "class")[0], roster)
    assert (found.student_id, found.platform_id) == ("Participant 42", "Participant 42")
    assert warnings == []
