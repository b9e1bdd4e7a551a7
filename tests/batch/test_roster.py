"""The roster: what it may hold, what is wrong with it in which line, and whose deadline counts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.batch import roster
from grading.batch.policy import Policy
from grading.batch.roster import Student, read, with_extensions
from grading.errors import UsageError

LATER = datetime(2026, 12, 8, 22, 59, tzinfo=UTC)


def written(folder: Path, text: str) -> Path:
    path = folder / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as raised:
        read(written(folder, text))
    said = str(raised.value)
    assert said.startswith(str(folder / "roster.csv"))
    return said.removeprefix(str(folder / "roster.csv"))


def test_a_roster_has_a_row_a_student(tmp_path: Path) -> None:
    text = """\
student,name,section,group,deadline
anna,"Berg, Anna",A,team-1,
ben,,B,,2026-12-08T23:59:00+01:00

"""
    students, remarks = read(written(tmp_path, text))
    assert list(students.values()) == [
        Student("anna", "Berg, Anna", "A", "team-1"),
        Student("ben", section="B", deadline=LATER),
    ]
    assert remarks == []


@pytest.mark.parametrize("heading", ["student", "student_id", "id", "Student ID", "Identifier"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_id_alone_will_do_under_several_headings(
    tmp_path: Path, heading: str, delimiter: str
) -> None:
    text = f"\ufeff{heading}{delimiter}Full Name\r\nanna{delimiter}Anna\r\n"
    assert read(written(tmp_path, text))[0] == {"anna": Student("anna", "Anna")}


@pytest.mark.parametrize("character", ["\u2028", "\u0085", "\x0b", "\x0c"])
def test_a_row_ends_where_a_line_of_the_file_does_alone(tmp_path: Path, character: str) -> None:
    students, _ = read(written(tmp_path, f"id,name\nanna,Anna{character}Berg\nben,\n"))
    assert [(one.id, one.name) for one in students.values()] == [
        ("anna", f"Anna{character}Berg"),
        ("ben", ""),
    ]


def test_an_id_is_compared_with_names_of_files_so_its_accents_are_composed(tmp_path: Path) -> None:
    assert list(read(written(tmp_path, "id\nJose\u0301\n"))[0]) == ["José"]


def test_columns_that_are_not_used_are_told_in_one_remark(tmp_path: Path) -> None:
    _, remarks = read(written(tmp_path, "id,email,sections\nanna,a@x,A\n"))
    assert remarks == [
        f"{tmp_path / 'roster.csv'}: not used: email and sections (did you mean section?)"
    ]


NO_ID = (
    ": the first line must have a column with the id, called student, student_id, id or identifier"
)
A_TIME = "a date and time with its offset from UTC, such as 2026-12-01T23:59:00+01:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,e-mail\nAnna,a@x\n", f"{NO_ID}; it has name and e-mail"),
        ("", f"{NO_ID}; it has none"),
        (
            "id,student\n1,Anna\n",
            ": the first line has 2 columns that may be the id: id and student; rename all but "
            "one, such as to name",
        ),
        ("id\n", ": there is no student in it"),
        ("id,name\nben,\n,Anna\n", ": line 3: the id is empty; fill it in, or delete the line"),
        ("id\nanna\nben\nanna\n", ": line 4: anna is in line 2, too; delete one"),
        (
            "id\nanna\nAnna\n",
            ": line 3: Anna and anna in line 2 differ in capitals only, and would share a file; "
            "rename one",
        ),
        (
            "id,deadline\nanna,tomorrow\n",
            f': line 2: the deadline of anna is "tomorrow", but must be {A_TIME}',
        ),
        (
            "id,deadline\nanna,2026-12-08 23:59\n",
            ': line 2: the deadline of anna is "2026-12-08 23:59", without an offset; it must be '
            f"{A_TIME}",
        ),
        (
            "id,name\nanna,Berg, Anna\n",
            ", line 2: there are 3 cells and 2 headings; put a cell with a ',' in quotes",
        ),
        ('id,name\nanna,"Berg\n', ", line 2: unexpected end of data"),
        *(
            (
                f"id,{first},section\nanna,A,\n",
                ", line 1: there are two columns called section; rename or delete one",
            )
            for first in ("section", "Section")
        ),
        (
            "id,group\nanna,ben\nben,\n",
            ": the group of anna is called like ben, who is not in it; rename the group",
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_line_and_the_fix(
    tmp_path: Path, text: str, said: str
) -> None:
    assert refusal(tmp_path, text) == said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"roster\.csv does not exist$"):
        read(tmp_path / "roster.csv")
    assert roster.kept_in(tmp_path) == {}


def test_deadlines_are_extensions_and_the_policys_own_count_before_them() -> None:
    early = datetime(2026, 12, 2, tzinfo=UTC)
    students = {
        "anna": Student("anna", deadline=LATER),
        "ben": Student("ben", deadline=LATER),
        "cara": Student("cara"),
    }
    policy = Policy(extensions={"ben": early, "dora": early})
    assert with_extensions(policy, students).extensions == {
        "anna": LATER,
        "ben": early,
        "dora": early,
    }
    assert roster.remarks(policy, students) == [
        "the roster and the policy differ on the deadline of ben: that of the policy counts"
    ]
    assert roster.remarks(Policy(extensions={"ben": LATER}), students) == []
