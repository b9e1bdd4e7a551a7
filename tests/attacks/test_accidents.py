"""What students hand in by accident: each gets a record that says what happened, and its points.

Archives and names are tested in depth in tests/batch/test_submissions.py; here it is what comes of
them in the end.
"""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading import manifest
from grading.batch import submissions
from grading.batch.records import Record
from tests.attacks.conftest import (
    HONEST,
    HONEST_SCORE,
    MODULE,
    RIGHT_SCORE,
    ROOT,
    Grader,
    expect_record,
)

STUB = (ROOT / "exercises" / MODULE).read_text(encoding="utf-8")
MB = 1_000_000

HandIn = Callable[[bytes], Record]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a student's submission, with the one of part 1 in it."""
    folder = tmp_path / "anna"
    (folder / MODULE).parent.mkdir(parents=True)
    return folder


@pytest.fixture
def graded(folder: Path, grader: Grader) -> Callable[[Path], Record]:
    """Read a submission as `course grade` does, and grade it."""
    return lambda path: grader.grade(submissions.read(grader.course, path))


@pytest.fixture
def hand_in(folder: Path, graded: Callable[[Path], Record]) -> HandIn:
    """Grade a folder whose module has this content."""

    def graded_with(content: bytes) -> Record:
        (folder / MODULE).write_bytes(content)
        return graded(folder)

    return graded_with


def expect_ungradable(record: Record, says: str) -> None:
    """Nothing was run, and one sentence says why."""
    assert record.status == "ungradable"
    assert record.reason is not None and says in record.reason
    assert (record.score, record.tasks) == (0, ())
    assert record.max_score == RIGHT_SCORE


# What is right all the same


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HONEST.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(HONEST.replace("\n", "\r\n").encode(), id="lines as Windows ends them"),
        pytest.param(HONEST.replace("\n", "\r").encode(), id="lines as the first Macs ended them"),
        pytest.param(HONEST.rstrip().encode(), id="no line end after the last line"),
        pytest.param(
            b"# coding: latin-1\n" + HONEST.encode("latin-1", "replace") + b"# \xe9\n",
            id="another encoding, named",
        ),
        pytest.param(HONEST.encode("utf-16"), id="UTF-16"),
    ],
)
def test_how_a_file_was_saved_does_not_matter(hand_in: HandIn, content: bytes) -> None:
    expect_record(hand_in(content), HONEST_SCORE, {})


def test_the_untouched_stub_is_not_started(hand_in: HandIn) -> None:
    record = hand_in(STUB.encode())
    expect_record(record, 0, "not_started", says="not started")


# What cannot be imported


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(HONEST + "def broken(:\n", "SyntaxError", id="syntax error"),
        pytest.param(HONEST + "<<<<<<< HEAD\n", "SyntaxError", id="merge conflict"),
        pytest.param(HONEST + "if 1:\n\tx = 1\n        y = 2\n", "TabError", id="tabs and spaces"),
        pytest.param(
            HONEST + "from . import dataset\n", "ModuleNotFoundError", id="imports another part"
        ),
        pytest.param(HONEST + "print(ratings)\n", "NameError: name 'ratings'", id="left-over call"),
        pytest.param(
            HONEST + "open('u.data')\n", "FileNotFoundError", id="reads a file of their own"
        ),
        pytest.param(HONEST + "input('k? ')\n", "EOFError", id="asks at the keyboard"),
        pytest.param(HONEST.encode() + b"\0\0", "null bytes", id="null bytes"),
        pytest.param(HONEST.encode() + b'who = "Ren\xe9"\n', "SyntaxError", id="Latin-1"),
        pytest.param(HONEST.encode("utf-16-le"), "null bytes", id="UTF-16 without its mark"),
    ],
)
def test_a_file_that_cannot_be_imported_crashes_every_task(
    hand_in: HandIn, content: str | bytes, says: str
) -> None:
    record = hand_in(content.encode() if isinstance(content, str) else content)
    expect_record(record, 0, "crashed", says)


def test_a_notebook_under_the_modules_name_is_told_to_be_one(hand_in: HandIn) -> None:
    cells = [{"cell_type": "code", "source": [HONEST], "metadata": {}, "outputs": []}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    record = hand_in(json.dumps(notebook).encode())
    expect_record(record, 0, "missing", says="holds a notebook, not Python")


# What is not there


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("# I will do it later\n", id="a comment"),
        pytest.param('"""Part 1."""\n', id="a docstring"),
    ],
)
def test_a_file_without_functions_misses_all_of_them(hand_in: HandIn, content: str) -> None:
    record = hand_in(content.encode())
    expect_record(record, 0, "missing", says="neighbours.py has no centre_ratings")


def test_a_function_of_another_name_is_missing(hand_in: HandIn) -> None:
    record = hand_in(HONEST.replace("def reconstruct", "def reconstruct_all").encode())
    expect_record(record, 4, {"1.4": "missing"}, says="neighbours.py has no reconstruct")


def test_a_function_with_other_arguments_crashes(hand_in: HandIn) -> None:
    record = hand_in(HONEST.encode() + b"def reconstruct(factors):\n    return factors\n")
    expect_record(record, 4, {"1.4": "crashed"}, says="takes 1 positional argument but 2 were")


def test_a_number_under_a_functions_name_crashes(hand_in: HandIn) -> None:
    record = hand_in(HONEST.encode() + b"reconstruct = 3\n")
    expect_record(record, 4, {"1.4": "crashed"}, says="'int' object is not callable")


def test_another_part_alone_misses_this_one(folder: Path, grader: Grader) -> None:
    (folder / "part2").mkdir()
    (folder / "part2" / "dataset.py").write_text("")
    whole_course = manifest.load(ROOT)
    record = grader.grade(submissions.read(whole_course, folder))
    expect_record(record, 0, "missing", says="there is no file neighbours.py")


# What cannot be read


def test_an_empty_folder_is_ungradable(folder: Path, graded: Callable[[Path], Record]) -> None:
    expect_ungradable(graded(folder), "the folder is empty")


# Archives


def packed(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


def test_an_archive_is_graded_like_a_folder(
    tmp_path: Path, graded: Callable[[Path], Record]
) -> None:
    members = {"part1/neighbours.py": HONEST.encode(), "__MACOSX/part1/._neighbours.py": b"\0"}
    record = graded(packed(tmp_path / "ben.zip", members))
    expect_record(record, HONEST_SCORE, {})
    assert record.warnings == ()


@pytest.mark.parametrize(
    ("name", "content", "mode", "says"),
    [
        pytest.param("../part1/neighbours.py", b"", 0, "leads out of the archive", id="upwards"),
        pytest.param("/part1/neighbours.py", b"", 0, "leads out of the archive", id="from the top"),
        pytest.param("part1/neighbours.py", bytes(100 * MB), 0, "is 100.0 MB", id="bomb"),
        pytest.param(
            "part1/neighbours.py", b"/etc/passwd", stat.S_IFLNK | 0o777, "symbolic link", id="link"
        ),
    ],
)
def test_a_member_that_may_not_be_taken_is_named(
    tmp_path: Path,
    graded: Callable[[Path], Record],
    name: str,
    content: bytes,
    mode: int,
    says: str,
) -> None:
    expect_ungradable(graded(packed(tmp_path / "ben.zip", {name: content}, mode)), says)
