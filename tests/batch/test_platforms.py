"""Hand-ins as Canvas, Moodle, Gradescope and nbgrader deliver them, and what they say of times."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.batch.platforms import HandIn, find, timed
from grading.batch.submissions import Submission, read
from grading.batch.times import moment
from grading.errors import UsageError
from grading.manifest import Course
from tests.batch.packing import zipped
from tests.courses import put

MODEL, TRAINING = Path("part3/model.py"), Path("part4/training.py")
MODEL_BOOK, TRAINING_BOOK = Path("part3/part3.ipynb"), Path("part4/part4.ipynb")


HandInFiles = Callable[[dict[str, bytes]], dict[str, Submission]]


@pytest.fixture
def handed_in(course: Course, tmp_path: Path) -> HandInFiles:
    """The submissions in a folder with these files, by student."""
    return lambda files: {
        one.student_id: read(course, one) for one in find(put(tmp_path, files))[0]
    }


# Canvas


def test_canvas_all_loose_files_of_a_student_are_one_submission(handed_in: HandInFiles) -> None:
    students = handed_in(
        {
            "doejane_123_456_model.py": b"model",
            "doejane_123_457_training.py": b"training",
            "roebo_124_458_work.zip": zipped({"course/part3/model.py": b"bo"}),
        }
    )
    assert {student: one.files for student, one in students.items()} == {
        "doejane_123": {MODEL: b"model", TRAINING: b"training"},
        "roebo_124": {MODEL: b"bo"},
    }
    assert [one.platform_id for one in students.values()] == ["123", "124"]
    assert [one.warnings for one in students.values()] == [(), ()]


def test_canvas_the_last_upload_counts(handed_in: HandInFiles) -> None:
    """Canvas calls the second model.py model-1.py."""
    submission = handed_in(
        {
            "doejane_123_456_model.py": b"first",
            "doejane_123_460_model-1.py": b"second",
            "doejane_123_461_training-2.py": b"training",
        }
    )["doejane_123"]
    assert submission.files == {MODEL: b"second", TRAINING: b"training"}
    assert submission.warnings == (
        "there is more than one model.py: model-1.py counts, and not model.py",
    )


def test_canvas_says_late_but_not_how_late_and_its_file_times_are_no_times(
    handed_in: HandInFiles,
) -> None:
    students = handed_in(
        {
            "doejane_LATE_123_456_model.py": b"",
            "doejane_123_457_training.py": b"",
            "roebo_124_458_model.py": b"",
        }
    )
    assert {s: (one.submitted_by, one.marked_late) for s, one in students.items()} == {
        "doejane_123": ("Canvas", True),
        "roebo_124": ("Canvas", False),
    }
    assert [one.submitted for one in students.values()] == [None, None]


# Moodle


@pytest.mark.parametrize(
    "files",
    [
        {"Jane Doe_123_assignsubmission_file_/model.py": b"work"},
        {"Jane Doe_123_assignsubmission_file/part3/model.py": b"work"},
        {"Jane Doe_123_assignsubmission_file_/work.zip": zipped({"part3/model.py": b"work"})},
        {"Jane Doe_123_assignsubmission_file_model.py": b"work"},
        {"Jane Doe_123_assignsubmission_file_work.zip": zipped({"model.py": b"work"})},
    ],
)
def test_moodle_folders_and_loose_files(handed_in: HandInFiles, files: dict[str, bytes]) -> None:
    (submission,) = handed_in(files).values()
    assert submission.files == {MODEL: b"work"}
    assert submission.warnings == ()
    assert (submission.student_id, submission.platform_id) == ("Jane Doe_123", "Participant 123")


def test_moodle_files_and_online_text_of_a_student_are_one_submission(
    handed_in: HandInFiles,
) -> None:
    (submission,) = handed_in(
        {
            "Jane Doe_123_assignsubmission_file_/model.py": b"work",
            "Jane Doe_123_assignsubmission_onlinetext_/onlinetext.html": b"Hello",
        }
    ).values()
    assert submission.files == {MODEL: b"work"}
    assert submission.warnings == ("not asked for, so ignored: onlinetext.html",)


# Gradescope

METADATA = b"""---
submission_11:
  :submitters:
  - :name: Jane Doe
    :sid: '77'
    :email: jane@example.org
  :created_at: 2026-12-01 22:10:05.284107000 Z
  :score: 0.0
submission_12:
  :submitters:
  - :name: Bo
    :sid: '78'
    :email: bo@example.org
  - :name: Al
    :sid: '79'
    :email: al@example.org
  :created_at: '2026-12-01T14:10:05.3-08:00'
"""


def test_gradescope_says_who_and_when(handed_in: HandInFiles) -> None:
    students = handed_in(
        {
            "submission_metadata.yml": METADATA,
            "submission_11/model.py": b"jane",
            "submission_12/part3/model.py": b"bo",
        }
    )
    assert {student: (one.files[MODEL], one.submitted) for student, one in students.items()} == {
        "jane@example.org": (b"jane", "2026-12-01T22:10:05+00:00"),
        "al@example.org+bo@example.org": (b"bo", "2026-12-01T22:10:05+00:00"),
    }
    assert {one.submitted_by for one in students.values()} == {"Gradescope"}


@pytest.mark.parametrize(
    "metadata", [b"", b"[1]", b"submission_11: 3", b"\xff", b"a: [", b"submission_11: {}"]
)
def test_gradescope_metadata_that_cannot_be_read_is_told(tmp_path: Path, metadata: bytes) -> None:
    found, (warning,) = find(
        put(tmp_path, {"submission_metadata.yml": metadata, "submission_11/model.py": b""})
    )
    assert [one.student_id for one in found] == ["submission_11"]
    assert warning.startswith("submission_metadata.yml cannot be read, so neither")


# nbgrader


def test_nbgrader_all_assignments_of_a_student_are_one_submission(handed_in: HandInFiles) -> None:
    (submission,) = handed_in(
        {
            "jane/part3/part3.ipynb": b"{3}",
            "jane/part3/timestamp.txt": b"2026-11-24 10:00:00.123456 UTC",
            "jane/part3/submission_secret.txt": b"5ec2e7",
            "jane/part3/figures/one-hot.svg": b"",
            "jane/part4/part4.ipynb": b"{4}",
            "jane/part4/timestamp.txt": b"2026-12-01 17:10:05.5 America/New_York\n",
        }
    ).values()
    assert submission.student_id == "jane"
    assert submission.files == {MODEL_BOOK: b"{3}", TRAINING_BOOK: b"{4}"}
    assert (submission.submitted, submission.submitted_by) == (
        "2026-12-01T22:10:05+00:00",
        "nbgrader",
    )
    assert submission.warnings == ()


def test_nbgrader_a_time_that_a_student_wrote_is_not_believed(
    course: Course, tmp_path: Path
) -> None:
    """Elsewhere than in nbgrader's folder, the file comes from the student."""
    stamp = b"2020-01-01 00:00:00 UTC"
    folder = put(
        tmp_path,
        {
            "jane/part3/model.py": b"",
            "jane/part3/timestamp.txt": stamp,
            "bo/part3/model.py": b"",
            "al.zip": zipped({"part3/model.py": b"", "part3/timestamp.txt": stamp}),
        },
    )
    found, warnings = find(folder)
    assert warnings == ["timestamp.txt is not believed, as most students have none: jane"]
    assert {read(course, one).submitted_by for one in found} == {"file time"}


def test_nbgrader_a_time_that_cannot_be_read_is_told(course: Course, tmp_path: Path) -> None:
    files = {"jane/part3/part3.ipynb": b"{}", "jane/part3/timestamp.txt": b"noon XYZ\xff"}
    found, warnings = find(put(tmp_path, files))
    assert warnings == ["the time in timestamp.txt cannot be read: jane"]
    assert read(course, found[0]).submitted_by == "file time"


# Lists of times

WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)
Participant 123,Jane Doe,jane@example.org,Submitted,,"Tuesday, 1 December 2026, 10:10 PM",-
Participant 124,Bo,bo@example.org,No submission,,-,-
"""


def times_of(folder: Path, text: str) -> tuple[dict[str, tuple[str, str | None]], list[str]]:
    (folder / "times.csv").write_text(text)
    found, warnings = timed(find(folder)[0], folder / "times.csv")
    return {one.student_id: (one.sent.by, one.sent.at) for one in found if one.sent}, warnings


def test_a_list_gives_times_and_goes_before_the_platform(tmp_path: Path) -> None:
    put(tmp_path, {"doejane_LATE_123_456_model.py": b"", "bo/model.py": b"", "al/model.py": b""})
    text = "student_id;time\nbo;2026-12-01T23:10:00+01:00\n123;2026-12-01 22:10:00Z\nzoe;\n"
    times, warnings = times_of(tmp_path, "\ufeff" + text)
    at = "2026-12-01T22:10:00+00:00"
    assert times == {"bo": ("list", at), "doejane_123": ("list", at)}
    assert warnings == [f"{tmp_path / 'times.csv'} has no time of al"]


def test_the_table_of_grades_is_such_a_list_too(tmp_path: Path) -> None:
    put(tmp_path, {"bo/model.py": b""})
    times, _ = times_of(
        tmp_path, "student_id,status,submitted\nbo,complete,2026-12-01T22:10:00+00:00\n"
    )
    assert times == {"bo": ("list", "2026-12-01T22:10:00+00:00")}


@pytest.mark.parametrize(
    "said",
    [
        "Tuesday, 1 December 2026, 10:10 PM",
        "Tuesday, 1 December 2026, 22:10",
        "Tuesday, December 1, 2026, 10:10 PM",
    ],
)
def test_moodles_worksheet_is_such_a_list_and_its_times_are_local(
    tmp_path: Path, said: str
) -> None:
    put(tmp_path, {"Jane Doe_123_assignsubmission_file_/model.py": b""})
    text = WORKSHEET.replace("Tuesday, 1 December 2026, 10:10 PM", said)
    times, (warning,) = times_of(tmp_path, text)
    local = datetime(2026, 12, 1, 22, 10).astimezone(UTC).isoformat()
    assert times == {"Jane Doe_123": ("list", local)}
    assert "times without a time zone; they are read as local time here" in warning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "needs the columns student_id and time"),
        ("name,when\nbo,now\n", "it has name and when"),
        ("student_id,time\nbo,noon\n", 'line 2: the time of bo is "noon"; write it as 2026-'),
        (
            "student_id,time\nbo,2026-12-01T22:10Z\nbo,2026-12-02T22:10Z\n",
            "gives two times of bo: keep one",
        ),
        (
            "student_id,time\nben,2026-12-01T22:10Z\n",
            "has no time of anybody who submitted: it names ben; submissions are from bo",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    put(tmp_path, {"bo/model.py": b""})
    with pytest.raises(UsageError) as error:
        times_of(tmp_path, text)
    assert message in str(error.value)


@pytest.mark.parametrize("text", ["", "UTC", "2026 UTC/../../x", "9" * 400, "2026-01-01 ../x/y"])
def test_no_text_is_too_strange_to_be_no_time(text: str) -> None:
    assert moment(text) is None


# Beside one another


def test_layouts_may_be_mixed_and_what_is_none_is_named(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "jane.tar.gz": b"",
            "bo/model.py": b"",
            "doeal_123_456_model.py": b"",
            "Di Doe_5_assignsubmission_file_/model.py": b"",
            "notes.txt": b"",
        },
    )
    found, warnings = find(tmp_path)
    assert [one.student_id for one in found] == ["Di Doe_5", "bo", "doeal_123", "jane"]
    assert warnings == ["ignored, as neither a folder nor a .zip or .tar.gz: notes.txt"]
    assert all(isinstance(one, HandIn) and one.problem is None for one in found)
