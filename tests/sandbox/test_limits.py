"""What no submission can spend: the time of the grader, and the grader's own faults."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.batch import run
from grading.batch.run import Job, grade_one
from grading.checks import student as limits
from grading.checks.evidence import encode
from grading.checks.student import Patience, Student
from grading.feedback import run as feedback_run
from grading.feedback.run import run_checks
from grading.manifest import Course
from grading.sandbox.sandboxed import SandboxError, Worker, Zygote, refuse_if_exposed
from tests.courses import RIGHT, ROOT, forget_checks, put


class Slow:
    """A `Runner` in which each probe takes `takes` seconds, by its own account."""

    def __init__(self, takes: float) -> None:
        self.patience = Patience()
        self.limits: list[float] = []
        self.takes = takes

    def run(self, path: Path, probe: object, inputs: bytes, seed: int, seconds: float) -> bytes:
        self.limits.append(seconds)
        self.patience.spent[path] += min(self.takes, seconds)
        return encode(1)


class Busy:
    """A `Runner` whose evidence keeps the check itself busy for ever."""

    def __init__(self) -> None:
        self.patience = Patience()

    def run(self, path: Path, probe: object, inputs: bytes, seed: int, seconds: float) -> bytes:
        while True:
            pass


@pytest.fixture(autouse=True)
def own_checks() -> Iterator[None]:
    """Two courses are used here, and others before, whose checks share their names."""
    forget_checks()
    yield
    forget_checks()


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """To the small course."""
    return put(tmp_path / "anna", RIGHT)


def probe() -> None:
    """probe()"""


def test_slow_code_gets_less_time_the_longer_it_goes_on_and_quick_code_keeps_its_time() -> None:
    slow, quick = Slow(4.9), Slow(0.05)
    for runner in (slow, quick):
        student = Student(Path("part1/neighbours.py"), seed=0, runner=runner)
        for _ in range(200):
            student.run(probe)
    assert slow.limits[:5] == [5.0] * 5
    assert slow.limits[5] == 1.0, "after 20 s"
    assert slow.limits[-1] == 0.25, "after 60 s"
    assert slow.patience.spent[student.path] < 120, "seconds for 200 probes"
    assert set(quick.limits) == {5.0}


def test_a_module_that_cannot_be_loaded_in_time_is_not_tried_again_and_again(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TIME_LIMIT", 0.3)
    monkeypatch.setattr(limits, "SHORT_TIME_LIMIT", 0.2)
    path = tmp_path / "neighbours.py"
    path.write_text("while True:\n    pass\n")
    outcomes = run_checks(course, course.part(1), path)
    assert len(outcomes) > 10
    assert {outcome.state for outcome in outcomes} == {"timeout"}
    assert sum(outcome.seconds < 0.2 for outcome in outcomes) >= len(outcomes) - 2


def test_a_check_that_evidence_keeps_busy_is_stopped_and_the_next_one_runs(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_run, "CHECK_SECONDS", 0.05)
    outcomes = run_checks(course, course.part(1), runner=Busy())
    assert len(outcomes) > 10
    assert {outcome.state for outcome in outcomes} == {"timeout"}
    assert "the check was stopped: not done after 0.05 s" in outcomes[0].problem


def test_a_zygote_that_died_is_replaced_and_the_submission_graded(
    small: Course, submission: Path
) -> None:
    job = Job(small.root, submission, seed=1, unsafe=False)
    before = grade_one(job)
    (zygote,) = run._zygotes.values()
    subprocess.run(["kill", "-9", str(zygote.process.pid)], check=True)
    after = grade_one(job)
    assert (after.status, after.score) == ("complete", before.score)
    assert before.score > 0


def test_a_fault_of_the_grader_is_no_zero_of_the_student(
    small: Course, submission: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    job = Job(small.root, submission, seed=1, unsafe=False)
    monkeypatch.setattr(Worker, "__init__", no_space)
    record = grade_one(job)
    assert record.status == "incomplete"
    assert record.reason is not None and "No space left on device" in record.reason


def test_a_worker_that_is_not_locked_in_is_found_out_at_start(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = Zygote.fork

    def unprotected(self: Zygote, folder: Path, module: Path) -> object:
        self.protected = False
        return fork(self, folder, module)

    monkeypatch.setattr(Zygote, "fork", unprotected)
    closed, close = [], Zygote.close
    monkeypatch.setattr(Zygote, "close", lambda self: closed.append(close(self)))
    with pytest.raises(SandboxError) as refused:
        Zygote(small)
    assert closed, "its process is not left behind"
    assert "start a process" in str(refused.value)
    assert "open a connection" in str(refused.value)


def test_the_canary_sings_where_nothing_is_locked(tmp_path: Path) -> None:
    """In a process without protection every attempt but the last one succeeds."""
    code = (
        "import os, sys; from grading.sandbox import canary;"
        "print(*canary.escapes(sys, sys.argv[1], os.getppid()), sep='\\n')"
    )
    file = tmp_path / "course.toml"
    file.write_text("")
    folder = tmp_path / "worker"
    folder.mkdir()

    command = [sys.executable, "-c", code, str(file)]
    environment = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    run_ = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    sung = run_.stdout.splitlines()
    assert len(sung) >= 9, run_.stderr


def test_a_course_among_the_systems_libraries_is_refused() -> None:
    with pytest.raises(SandboxError, match="student code could read /usr/share/course"):
        refuse_if_exposed(Path("/usr/share/course"))
    refuse_if_exposed(Path("/srv/course"))
