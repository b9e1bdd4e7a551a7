"""A mistake in the course costs nobody a point: the reference is graded before anybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import manifest
from grading.batch.executors import processes
from grading.batch.grade import hidden_checks
from grading.batch.reference import faults_in_files, faults_on_reference
from grading.batch.run import Job, grade_all, try_checks
from grading.feedback.run import ChecksError, run_checks
from grading.manifest import Course
from tests.courses import CHECKS_1, PROBES_1, RIGHT, ROOT, WORDS, Grader, forget_checks, put

HIDDEN_FILE = "tests/hidden/part1/test_more.py"
HIDDEN = '''\
from exercises.part1 import probes
from grading.checks import expect, task


@task("1.1", points=2)
def test_negative(student):
    """Negative numbers."""
    expect(student.run(probes.add, first=-3, second=-1), "the sum").equals(-4)
'''
VISIBLE_FILE = "exercises/part1/test_part1.py"
PROBES_FILE = "exercises/part1/probes.py"
# a mistake that only shows where the code is wrong
LATE = (
    CHECKS_1
    + '''

@task("1.2", points=5)
def test_late(student):
    """Late."""
    if student.run(probes.double, number=4) != 8:
        raise ValueError("never seen with the reference")
'''
)


def course_with(folder: Path, **files: str) -> Course:
    named = {"hidden": HIDDEN_FILE, "visible": VISIBLE_FILE, "probes": PROBES_FILE}
    return manifest.load(put(folder, WORDS | {named[name]: text for name, text in files.items()}))


@pytest.fixture(autouse=True)
def no_checks_of_another_course() -> Iterator[None]:
    """This process keeps the checks that it imported, by names that all courses share."""
    forget_checks()
    yield
    forget_checks()


def test_a_course_in_order_has_no_faults_whatever_options_pytest_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    course = course_with(tmp_path, hidden=HIDDEN)
    assert faults_in_files(course) == []
    assert faults_on_reference(course, None, seed=3) == []


def test_the_checks_of_this_course_have_no_faults() -> None:
    assert faults_in_files(manifest.load(ROOT)) == []


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        (
            {"visible": CHECKS_1.replace(".equals(8)", ".equals(fuond[0])")},
            f"{VISIBLE_FILE}, line 23: name 'fuond' is not defined",
        ),
        (
            {"hidden": HIDDEN.replace("-4", "fuond")},
            f"{HIDDEN_FILE}, line 8: name 'fuond' is not defined",
        ),
        (
            {"probes": PROBES_1.replace("double(number)\n", "double(nubmer)\n")},
            f"{PROBES_FILE}, line 8: name 'nubmer' is not defined",
        ),
        (
            {"visible": CHECKS_1 + "def f(:\n"},
            f"{VISIBLE_FILE}, line 24: SyntaxError: invalid syntax: def f(:",
        ),
        (
            {"hidden": HIDDEN.replace('"1.1"', '"1.9"')},
            f"{HIDDEN_FILE}, line 6: test_negative: part 1 has no task 1.9; its tasks are 1.1, 1.2",
        ),
        (
            {"hidden": HIDDEN.replace('@task("1.1", points=2)\n', "")},
            f"{HIDDEN_FILE}, line 5: test_negative is worth no points; "
            'put @task("1.1", points=1) above it',
        ),
    ],
    ids=["check", "hidden check", "probe", "syntax", "no such task", "no task"],
)
def test_a_mistake_is_found_in_the_file_and_named_with_its_line(
    tmp_path: Path, files: dict[str, str], fault: str
) -> None:
    assert faults_in_files(course_with(tmp_path, **files)) == [fault]


def test_hidden_checks_that_no_part_has_are_named(tmp_path: Path) -> None:
    course = manifest.load(put(tmp_path, WORDS | {"tests/hidden/test_more.py": HIDDEN}))
    assert faults_in_files(course) == [
        "tests/hidden/test_more.py: no part has this file of hidden checks; move it to "
        "tests/hidden/part1/ or the folder of another part"
    ]


def test_a_check_that_the_reference_fails_is_named_with_its_line(tmp_path: Path) -> None:
    course = course_with(tmp_path, hidden=HIDDEN.replace("-4", "-5"))
    (fault,) = faults_on_reference(course, None, seed=3)
    assert fault.startswith(
        f"{HIDDEN_FILE}, line 8: test_negative of task 1.1 fails on the reference, wrong: "
    )


def test_a_file_that_cannot_be_imported_is_named_each_time(tmp_path: Path) -> None:
    course = course_with(tmp_path, hidden="import nothing_here\n" + HIDDEN)
    part = course.parts[0]
    for _ in range(2):  # pytest would find no check in it the second time, and no fault
        with pytest.raises(ChecksError, match=r"test_more.py, line 1: ModuleNotFoundError"):
            run_checks(course, part, course.solutions, hidden=hidden_checks(course, part))


def test_probes_that_cannot_be_imported_are_named(tmp_path: Path) -> None:
    course = course_with(tmp_path, probes="1 / 0\n" + PROBES_1)
    assert faults_on_reference(course, None, seed=3) == [
        f"{PROBES_FILE}, line 1: ZeroDivisionError: division by zero"
    ]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_with(tmp_path_factory.mktemp("faulty"), visible=LATE)


@pytest.fixture(scope="module")
def grader_of_faulty(faulty: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    with processes(1) as executor:
        yield Grader(faulty, executor, tmp_path_factory.mktemp("submissions"))


def test_behind_the_wall_the_reference_gets_full_points(
    faulty: Course, grader_of_faulty: Grader
) -> None:
    tried = grader_of_faulty.executor.submit(try_checks, faulty.root, 1, 3, False)
    assert tried.result(timeout=120) == []


def test_a_check_that_breaks_later_leaves_an_incomplete_record(grader_of_faulty: Grader) -> None:
    wrong = RIGHT["part1/sums.py"].replace("add(number, number)", "add(number, 1)")
    record = grader_of_faulty(RIGHT | {"part1/sums.py": wrong})
    assert (record.status, record.score) == ("incomplete", 80)
    line = 1 + LATE.splitlines().index('        raise ValueError("never seen with the reference")')
    assert record.reason == (
        f"{VISIBLE_FILE}, line {line}: the check itself broke: ValueError: "
        "never seen with the reference"
    )
    states = {check.name: check.state for task in record.tasks for check in task.checks}
    assert states["test_late"] == "broken"


def test_nobody_is_graded_by_checks_that_the_reference_fails(tmp_path: Path) -> None:
    course = course_with(tmp_path / "course", hidden=HIDDEN.replace("-4", "-5"))
    job = Job(course.root, put(tmp_path / "anna", RIGHT), 3, unsafe=False)
    with pytest.raises(ChecksError, match=r"test_negative of task 1\.1 fails on the reference"):
        list(grade_all([job], processes, 1, checked=False))


def test_at_the_terminal_the_cause_comes_before_the_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    course = course_with(tmp_path, visible=CHECKS_1 + "def f(:\n")
    pytest.main([f"--rootdir={course.root}", "-q", str(course.root / VISIBLE_FILE)])
    _, title, first, *_ = [line for line in capfd.readouterr().out.splitlines() if line]
    assert f"ERROR collecting {VISIBLE_FILE}" in title
    assert first == f"{VISIBLE_FILE}, line 24: SyntaxError: invalid syntax"
