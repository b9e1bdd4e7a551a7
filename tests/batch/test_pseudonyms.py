"""Pseudonyms: who has which, in one file."""

from pathlib import Path

import pytest

from grading.batch import pseudonyms
from grading.batch.platforms import HandIn, Piece
from grading.batch.pseudonyms import Key, Row, extended
from grading.batch.roster import Student
from grading.errors import UsageError

CLASS = [
    Student("anna.berg@uni.edu", "Anna Berg", "A", "team"),
    Student("bc7", "Ben Cho", "A", "team"),
    Student("20231234", "Max Ott"),
    Student("max"),
]
KEY = Key(
    (
        Row("student-001", "anna.berg@uni.edu", "", "Anna Berg"),
        Row("student-002", "bc7", "", "Ben Cho"),
        Row("student-003", "20231234", "417", "Max Ott"),
        Row("student-004", "max"),
        Row("group-001", "team"),
        Row("student-003", "ottmax_417"),
    )
)


# Who has which


def test_everybody_gets_a_number_that_does_not_follow_the_names() -> None:
    keys = [extended(Key(), CLASS, {"ottmax_417": "20231234"}, {"max": "9"}) for _ in range(20)]
    for key in keys:
        numbers = {row.pseudonym for row in key.rows}
        assert numbers == {*(f"student-00{n}" for n in range(1, 5)), "group-001"}
        assert key.of("ottmax_417") == key.of("20231234")
        assert key.first[key.of("max")].platform_id == "9"
    assert len({key.of("max") for key in keys}) > 1


def test_a_pseudonym_stays_and_who_is_new_gets_a_new_number() -> None:
    later = extended(KEY, [Student("zoe"), *CLASS], {}, {})
    assert later.rows[: len(KEY.rows)] == KEY.rows
    assert later.of("zoe") == "student-005"


def test_a_group_that_is_called_like_a_member_has_the_members_pseudonym(tmp_path: Path) -> None:
    students = [Student("anna", group="anna"), Student("ben", group="anna")]
    key = extended(Key(), students, {}, {})
    assert {row.student_id for row in key.rows} == {"anna", "ben"}
    pseudonyms.write(key, tmp_path / "key.csv")
    assert pseudonyms.kept_in(tmp_path) == key
    roster = {student.id: student for student in students}
    assert pseudonyms.real_roster(pseudonyms.of_roster(roster, key), key) == roster


def test_each_name_of_a_student_has_a_label_of_its_own() -> None:
    assert KEY.label("ottmax_417") == "student-003#2"
    assert KEY.labelled("student-003#2") == ["ottmax_417"]
    assert KEY.labelled("student-003") == ["20231234", "ottmax_417"]
    assert Key().labelled("anna#2") == ["anna#2"]


def test_an_id_that_looks_like_a_pseudonym_is_that_of_its_own_student() -> None:
    later = extended(KEY, [*CLASS, Student("student-002"), Student("student-005")], {}, {})
    assert {later.of("student-002"), later.of("student-005")} == {"student-006", "student-007"}
    assert later.id_of("student-002") == "bc7"


def test_a_key_is_read_as_it_was_written_and_by_its_owner_alone(tmp_path: Path) -> None:
    key = extended(KEY, [Student("=1+1", "-Eve")], {}, {})
    pseudonyms.write(key, tmp_path / "key.csv")
    assert pseudonyms.kept_in(tmp_path) == key
    assert (tmp_path / "key.csv").stat().st_mode & 0o777 == 0o600
    assert pseudonyms.kept_in(tmp_path / "elsewhere") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,name\n", "has no column pseudonym; it is not the key of a class"),
        (
            "pseudonym,student_id,platform_id,name\nstudent-001,anna,,\nstudent-002,anna,,\n",
            "anna has no pseudonym, no id or two of them; put the file back as it was written",
        ),
    ],
)
def test_a_key_that_was_changed_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "key.csv").write_text(text)
    with pytest.raises(UsageError) as raised:
        pseudonyms.kept_in(tmp_path)
    assert str(raised.value).startswith(str(tmp_path / "key.csv"))
    assert str(raised.value).endswith(said)


def test_submissions_roster_and_policy_go_there_and_back() -> None:
    roster = {student.id: student for student in CLASS}
    hidden = pseudonyms.of_roster(roster, KEY)
    assert hidden["student-001"] == Student("student-001", "", "A", "group-001")
    assert pseudonyms.real_roster(hidden, KEY) == roster
    pieces = (Piece(Path("x"), "x"),)
    hand_in = HandIn("max", pieces, platform_id="9", others=(HandIn("bc7", (), platform_id="8"),))
    assert pseudonyms.of_hand_in(hand_in, KEY) == HandIn(
        "student-004", pieces, others=(HandIn("student-002", ()),)
    )
    assert KEY.of("bc7+max") == "student-002+student-004"
    assert KEY.id_of("student-002+student-004") == "bc7+max"
    assert KEY.names("student-003") == ["20231234", "ottmax_417"]
