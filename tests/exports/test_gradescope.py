"""Gradescope: results.json, the autograder's archive, and a run in folders like Gradescope's."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grading.batch.records import Record
from grading.errors import UsageError
from grading.exports.gradescope import results, run, write_zip
from grading.manifest import Course
from tests.courses import put
from tests.records import BONUS, HIDDEN, TASKS, six_states

METADATA = {
    "id": 123456,
    "created_at": "2026-03-02T10:00:00.000000-08:00",
    "assignment": {"id": 25, "title": "Recommender", "total_points": "100.0"},
    "users": [{"email": "ada@example.org", "id": 1234, "name": "Ada Lovelace"}],
}
TOP_KEYS = {
    *("score", "execution_time", "output", "output_format", "test_output_format"),
    *("test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"),
}
TEST_KEYS = {
    *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format"),
    *("tags", "visibility", "extra_data"),
}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}

STUB_GRADER = """\
from grading.batch.records import Record, TaskRecord


def grade_one_folder(course, folder, student_id):
    text = (folder / "part3" / "model.py").read_text()
    print("only for the instructor")
    if "break" in text:
        raise RuntimeError("a secret of the grader")
    task = TaskRecord("3.2", "forward", 5, 5, "passed", f"from {student_id}", None, 0.1)
    return Record(student_id, "", "", 7, "2026-03-02T10:00:00+00:00", 1.5, "complete", None, 5, 5,
                  "none", (task,))
"""


def valid(document: dict[str, Any]) -> dict[str, Any]:
    """The document as Gradescope would read it, held against its specification."""
    document = json.loads(json.dumps(document))
    assert document.keys() <= TOP_KEYS
    assert isinstance(document["score"], int | float)
    assert isinstance(document.get("execution_time", 0), int | float)
    assert {document["visibility"], document["stdout_visibility"]} <= VISIBILITIES
    for test in document.get("tests", []):
        assert test.keys() <= TEST_KEYS
        assert isinstance(test["score"], int | float)
        assert isinstance(test["max_score"], int | float)
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in VISIBILITIES
        assert test["output_format"] == "text"
        assert isinstance(test["number"], str)
    return document


# results.json


def test_there_is_a_test_per_task() -> None:
    record = six_states()
    document = valid(results(record))
    assert (document["score"], document["execution_time"]) == (5, 3.5)
    assert [(test["number"], test["status"], test["score"]) for test in document["tests"]] == [
        ("3.1", "passed", 4),
        ("3.2", "failed", 1),
        ("4.1", "failed", 0),
        ("4.2", "failed", 0),
        ("4.3", "failed", 0),
        ("4.4", "failed", 0),
    ]
    assert document["tests"][1]["output"] == record.tasks[1].message
    for name in ("seed", "submission_sha256", "checks_sha256"):
        assert document["extra_data"][name] == getattr(record, name)
    assert document["stdout_visibility"] == "hidden"


def test_the_bonus_stands_beside_the_score() -> None:
    document = valid(results(six_states(tasks=TASKS + BONUS)))
    assert document["score"] == 5
    assert document["output"] == "Bonus, beside the score: 4 of 7 points."
    assert [test["name"] for test in document["tests"][-2:]] == [
        "TwoTower (bonus)",
        "in_batch_softmax (bonus)",
    ]
    assert (document["extra_data"]["bonus"], document["extra_data"]["max_bonus"]) == (4, 7)
    assert valid(results(six_states()))["output"] == ""


def test_a_hidden_check_shows_its_sentence_when_grades_are_published() -> None:
    first, second = valid(results(six_states(hidden=HIDDEN)))["tests"][6:]
    assert first == {
        "number": "3.2",
        "name": "test_other_sizes",
        "score": 0,
        "max_score": 2,
        "status": "failed",
        "output": "It works for sizes that you have not seen.",
        "output_format": "text",
        "visibility": "after_published",
    }
    assert (second["status"], second["visibility"]) == ("passed", "after_published")


def test_what_could_not_be_graded_says_why() -> None:
    record = six_states(
        status="ungradable", reason="the folder is empty", tasks=(), score=0, warnings=("odd",)
    )
    document = valid(results(record))
    assert document["score"] == 0
    assert document["output"].splitlines() == [
        *("There was nothing that could be graded.", "the folder is empty", "odd")
    ]


# The run


@pytest.fixture(scope="module")
def archive(course: Course, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    path = tmp_path_factory.mktemp("zip") / "new" / "autograder.zip"
    write_zip(course, path)
    assert [entry.name for entry in path.parent.iterdir()] == ["autograder.zip"]
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def source(archive: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive as Gradescope unpacks it."""
    source = tmp_path_factory.mktemp("source")
    archive.extractall(source)
    for entry in archive.infolist():
        (source / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
    return source


@pytest.fixture
def base(tmp_path: Path, source: Path) -> Path:
    """Folders like Gradescope's, with a submission."""
    base = put(
        tmp_path / "autograder",
        {
            "submission/part3/model.py": "x = 1\n",
            "submission_metadata.json": json.dumps(METADATA),
            "run_autograder": (source / "run_autograder").read_text(),
        },
    )
    (base / "run_autograder").chmod(0o755)
    (base / "results").mkdir()
    (base / "source").symlink_to(source)
    return base


def written(base: Path) -> dict[str, Any]:
    assert [path.name for path in (base / "results").iterdir()] == ["results.json"]
    return valid(json.loads((base / "results" / "results.json").read_text()))


def test_the_results_are_written_early_and_then_for_good(base: Path) -> None:
    seen: dict[str, Any] = {}

    def grade(course: Course, folder: Path, student_id: str) -> Record:
        seen.update(root=course.root, folder=folder, student=student_id, early=written(base))
        return six_states(student_id)

    run(base, grade)
    taken = six_states("ada@example.org", submitted="2026-03-02T18:00:00+00:00")
    assert written(base) == valid(results(taken))
    assert seen["root"] == base / "source" / "course"
    assert seen["folder"] == base / "submission"
    assert seen["student"] == "ada@example.org"
    assert seen["early"]["score"] == 0
    assert "did not finish" in seen["early"]["output"]


@pytest.mark.parametrize("error", [ValueError("a secret"), SystemExit(3), MemoryError()])
def test_whatever_goes_wrong_students_read_a_sentence(
    base: Path, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    def grade(course: Course, folder: Path, student_id: str) -> Record:
        raise error

    run(base, grade)
    document = written(base)
    assert (document["score"], document["stdout_visibility"]) == (0, "hidden")
    assert "not your fault" in document["output"]
    assert "secret" not in json.dumps(document) and "Traceback" not in json.dumps(document)
    assert "Traceback" in capsys.readouterr().out


def test_why_grading_is_incomplete_is_printed_for_the_instructor_alone(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = "tests/hidden/part3/test_sizes.py, line 9: the check itself broke"
    run(base, lambda *_: six_states(status="incomplete", reason=reason))
    assert reason in capsys.readouterr().out
    assert reason not in json.dumps(written(base))


def test_a_broken_course_is_told_in_a_sentence_too(base: Path) -> None:
    (base / "source").unlink()
    put(base, {"source/course/exercises/course.toml": "no"})
    run(base, lambda course, folder, student_id: six_states())
    assert "not your fault" in written(base)["output"]


@pytest.mark.parametrize(
    ("metadata", "student"),
    [
        ({"users": [{"email": "b@x", "id": 2}, {"email": "a@x", "id": 1}]}, "a@x+b@x"),
        ({"users": [{"id": 7}]}, "7"),
        ({"users": []}, "submission"),
        ({}, "submission"),
        ([], "submission"),
        (None, "submission"),
    ],
)
def test_the_student_is_whom_gradescope_names(base: Path, metadata: Any, student: str) -> None:
    path = base / "submission_metadata.json"
    path.write_text(json.dumps(metadata)) if metadata is not None else path.unlink()
    seen = []

    def grade(course: Course, folder: Path, student_id: str) -> Record:
        seen.append(student_id)
        return six_states(student_id)

    run(base, grade)
    assert seen == [student]


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope runs Linux")
@pytest.mark.parametrize(("text", "score"), [("x = 1\n", 5), ("break\n", 0)])
def test_run_autograder_works_from_end_to_end(
    base: Path, source: Path, text: str, score: int
) -> None:
    python = base / "venv" / "bin" / "python"  # stands for the one that setup.sh installs
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (base / "source").unlink()
    shutil.copytree(source, base / "source")
    files = {"source/course/grading/batch/run.py": STUB_GRADER, "submission/part3/model.py": text}
    put(base, files)
    done = subprocess.run(
        [base / "run_autograder", base], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "only for the instructor" in done.stdout
    document = written(base)
    assert document["score"] == score
    if score:
        assert document["tests"][0]["output"] == "from ada@example.org"
    else:
        assert "a secret of the grader" in done.stdout
        assert "secret" not in json.dumps(document)


# The archive


def test_both_scripts_lie_at_the_root_and_can_be_run(archive: zipfile.ZipFile) -> None:
    modes = {
        entry.filename: oct(entry.external_attr >> 16)
        for entry in archive.infolist()
        if "/" not in entry.filename
    }
    assert modes == {"setup.sh": "0o100755", "run_autograder": "0o100755"}
    assert {entry.create_system for entry in archive.infolist()} == {3}


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope runs Linux")
def test_both_scripts_are_bash(source: Path) -> None:
    for name in ("setup.sh", "run_autograder"):
        path = source / name
        assert path.read_text().startswith("#!/usr/bin/env bash\n")
        assert "\r" not in path.read_text()
        subprocess.run(["bash", "-n", path], check=True, timeout=10)


def test_the_course_is_in_it_and_nothing_that_solves_it(
    archive: zipfile.ZipFile, course: Course
) -> None:
    names = set(archive.namelist())
    assert {
        *("course/pyproject.toml", "course/constraints.txt", "course/data/locate.py"),
        *("course/exercises/course.toml", "course/exercises/part6/test_part6.py"),
        *("course/exercises/part6/probes.py", "course/grading/batch/records.py"),
        *("course/grading/exports/gradescope.py", "course/README.md", "course/LICENSE"),
    } <= names
    tests = [name for name in names if name.startswith("course/tests/")]
    assert all(name.startswith("course/tests/hidden/") for name in tests)
    kept_back = ("solutions/", "grading/nbgrader/", "__pycache__")
    assert not any(part in name for name in names for part in kept_back)
    for part in course.parts:
        stub = (course.root / "exercises" / ".stubs" / part.path).read_bytes()
        assert archive.read(f"course/exercises/{part.path.as_posix()}") == stub


def test_the_same_course_gives_the_same_bytes(
    archive: zipfile.ZipFile, course: Course, tmp_path: Path
) -> None:
    write_zip(course, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == Path(str(archive.filename)).read_bytes()


def test_hidden_checks_are_in_it(course: Course, tmp_path: Path) -> None:
    for name in ("exercises/.stubs/part1", "tests/hidden/part1", "tests/wrong", "solutions"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / f"{course.parts[0].module}").write_text("x = 1\n")
    (tmp_path / "exercises" / "course.toml").write_text("")
    write_zip(Course(tmp_path, "x", course.parts[:1]), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = [name for name in archive.namelist() if "tests" in name or "solutions" in name]
    assert names == ["course/tests/hidden/part1/neighbours.py"]


def test_another_name_than_zip_is_refused(course: Course, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"call it autograder\.zip"):
        write_zip(course, tmp_path / "autograder")
