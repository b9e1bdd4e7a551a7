"""One column of a gradebook that Canvas exported."""

import pytest

from grading.errors import UsageError
from grading.exports.canvas import fill

GRADEBOOK = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),"Recommender, all parts (12)",Final Score\r
,,,,,Manual Posting,,\r
    Points Possible,,,,,10,100,(read only)\r
"Lovelace, Ada",501,u-ada,ada,S1,9.50,,88.1\r
"Hopper, Grace",502,u-grace,grace,S1,7,EX,70\r
"Turing, Alan",503,u-alan,alan,"S1, S2","x ""y""",40.00,60\r
"Student, Test",504,,9f3c,S1,,,\r
'''
RECOMMENDER = "Recommender, all parts (12)"


@pytest.mark.parametrize("column", [RECOMMENDER, "Recommender, all parts", "12", " 12 "])
def test_one_cell_changes_and_all_others_stay(column: str) -> None:
    done = fill(GRADEBOOK, column, {"ada": 87.5})
    assert done.text == GRADEBOOK.replace("9.50,,88.1", "9.50,87.5,88.1")
    assert done.filled == ("ada",)
    assert done.matched_by == ("SIS Login ID",)
    assert done.without_score == ("grace", "alan", "9f3c")
    assert done.not_in_file == done.kept == done.warnings == ()


@pytest.mark.parametrize(
    ("student", "matched_by"), [("503", "ID"), ("u-alan", "SIS User ID"), ("alan", "SIS Login ID")]
)
def test_students_are_found_by_each_of_their_ids(student: str, matched_by: str) -> None:
    done = fill(GRADEBOOK, "12", {student: 41})
    assert done.text == GRADEBOOK.replace("40.00", "41")
    assert done.matched_by == (matched_by,)


def test_excused_stays_excused() -> None:
    done = fill(GRADEBOOK, "12", {"grace": 50})
    assert done.text == GRADEBOOK
    assert (done.filled, done.kept) == ((), ("grace",))
    assert done.warnings == ("grace is excused (EX) in the file; that is kept",)


def test_a_student_who_is_not_in_the_file_gets_no_row() -> None:
    done = fill(GRADEBOOK, "12", {"alan": 40.0, "mallory": 50, "Points Possible": 3, "": 1})
    assert done.text == GRADEBOOK.replace("40.00", "40")
    assert done.not_in_file == ("mallory", "Points Possible", "")


def test_who_came_by_canvas_is_found_by_its_id_alone() -> None:
    ids = {"lovelaceada_501": "501", "turingalan_503": "503", "x_ada": "ada"}
    done = fill(GRADEBOOK, "12", dict.fromkeys(ids, 9), ids)
    assert (done.filled, done.matched_by) == (("lovelaceada_501", "turingalan_503"), ("ID",))
    assert done.not_in_file == ("x_ada",)  # that is no ID, but the login of somebody


def test_a_file_in_which_nobody_is_found_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        fill(GRADEBOOK, "12", {"mallory": 50, "doejane_9": 3}, {"doejane_9": "9"})
    assert str(error.value) == (
        "nobody who was graded is in the file, so nothing was written: looked for mallory and 9 "
        "in the columns ID, SIS User ID and SIS Login ID; the file has 501, 502, 503 and 504"
    )


def test_semicolons_and_the_byte_order_mark_are_kept() -> None:
    text = (
        "\ufeffStudent;ID;Section;Essay (11)\n  Points Possible;;;10\nAda;501;S1;9,5\nBo;502;S1;\n"
    )
    done = fill(text, "Essay", {"501": 8, "502": 7.25})
    assert done.text == text.replace("9,5", "8").replace("502;S1;", "502;S1;7.25")


def test_names_may_stand_in_two_columns() -> None:
    text = "LastName,FirstName,ID,Section,Essay (11)\nLovelace,Ada,501,S1,\n"
    assert fill(text, "11", {"501": 8}).text.endswith("S1,8\n")


def test_more_points_than_the_assignment_has_are_a_warning() -> None:
    [warning] = fill(GRADEBOOK, "Essay", {"ada": 87}).warnings
    assert '"Essay (11)" is worth 10 points' in warning and "87" in warning


def test_the_number_counts_before_the_title() -> None:
    text = "Student,ID,Section,12 (11),x (12)\nAda,501,S1,,\n"
    assert fill(text, "12", {"501": 8}).text.endswith("S1,,8\n")


@pytest.mark.parametrize("column", ["Quiz", "Final Score", "ID", "13", ""])
def test_an_unknown_column_is_refused_with_those_there_are(column: str) -> None:
    with pytest.raises(UsageError) as error:
        fill(GRADEBOOK, column, {"ada": 1})
    assert f'no assignment "{column}"' in str(error.value)
    assert f'"Essay (11)", "{RECOMMENDER}"' in str(error.value)


HEAD = "Student,ID,Section"


@pytest.mark.parametrize(
    ("text", "column", "scores", "said"),
    [
        (
            f"{HEAD},Essay (11),Essay (12)\nAda,501,S1,,\n",
            *("Essay", {"501": 8}),
            r'may be "Essay \(11\)", "Essay \(12\)"',
        ),
        (
            f"{HEAD},Essay (11)\nPoints Possible,,,(read only)\nAda,501,S1,\n",
            *("Essay", {"501": 8}),
            "read only",
        ),
        (
            "Name,Grade\nAda,1\n",
            "Grade",
            {"Ada": 1},
            'lacks the column ID .* it has "Name", "Grade"',
        ),
        (
            GRADEBOOK.replace("u-grace", "ada"),
            *("12", {"ada": 1}),
            '"ada" is in lines 4 and 5',
        ),
        (
            GRADEBOOK,
            *("12", {"ada": 1, "501": 2}),
            '"ada" and "501" are the same student, in line 4',
        ),
        (
            f"{HEAD},Essay (11)\nAda,501,S1\n",
            *("Essay", {"501": 8}),
            "line 2 of the file has 3 cells",
        ),
    ],
    ids=["two titles", "read only", "another file", "two rows", "two ids", "cut off"],
)
def test_what_cannot_be_filled_in_is_refused(
    text: str, column: str, scores: dict[str, float], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        fill(text, column, scores)
