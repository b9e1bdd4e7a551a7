"""What counts against a limit is the student's code: a machine busy with other things takes no
points, and what hangs is stopped and named as what it is."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from authoring.audit import Submission
from benchmarks.busy import PLACES, busy, right
from grading.batch import run
from grading.batch.run import Job, grade_one
from grading.checks import limits, student
from grading.checks.limits import TimeIsUp, time_limit
from grading.checks.student import Student, StudentError
from grading.feedback.results import Outcome
from grading.feedback.run import run_checks
from grading.manifest import Course
from grading.sandbox.sandboxed import Sandboxed
from tests.courses import SUMS_PY, forget_checks
from tests.sandbox.test_limits import Slow, probe

MODULE = Path("part1/sums.py")
COMPUTES = """
import time

def double(number):
    end = time.process_time() + 0.25  # with half of a processor or less, 0.5 s or more
    while time.process_time() < end:
        pass
    return 2 * number
"""
LOOPS = "def double(number):\n    while True:\n        pass\n"
SLEEPS = "import time\n\ndef double(number):\n    time.sleep(1000)\n"

Check = Callable[[str], list[Outcome]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells busy"),
]


@pytest.fixture(scope="module", autouse=True)
def _no_checks_of_another_course() -> Iterator[None]:
    forget_checks()
    yield
    forget_checks()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.4)
    monkeypatch.setattr(student, "SHORT_TIME_LIMIT", 0.2)


@pytest.fixture(params=["in process", "sandboxed"])
def check(request: pytest.FixtureRequest, small: Course) -> Iterator[Check]:
    """Runs the checks of `double` on the solution with more text below it."""
    zygote = run._zygote(small, unsafe=False)
    with (
        tempfile.TemporaryDirectory(dir=zygote.folder) as folder,
        Sandboxed(zygote, {small.exercises / MODULE: Path(folder) / MODULE}) as sandboxed,
    ):
        path = Path(folder) / MODULE
        path.parent.mkdir()
        path.parents[1].chmod(0o755)
        here = request.param == "in process"

        def outcomes(text: str) -> list[Outcome]:
            path.write_text(f"{SUMS_PY}\n{text}", encoding="utf-8")
            runner, where = (None, path) if here else (sandboxed, None)
            found = run_checks(small, small.part(1), where, runner=runner, tasks=["1.2"])
            assert here or sandboxed.fault is None
            return found

        yield outcomes


@pytest.fixture
def crowd(small: Course) -> Iterator[None]:
    """This process, and the one that workers come from, share a processor with four others."""
    ours = [0, run._zygote(small, unsafe=False).process.pid]
    before = os.sched_getaffinity(0)
    for pid in ours:
        os.sched_setaffinity(pid, {min(before)})
    others = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(4)]
    yield
    for other in others:
        other.kill()
        other.wait()
    for pid in ours:
        os.sched_setaffinity(pid, before)


def test_a_busy_machine_takes_no_time_from_code_that_computes(
    check: Check, short: None, crowd: None
) -> None:
    outcomes = check(COMPUTES)
    assert [outcome.problem for outcome in outcomes if outcome.state != "passed"] == []
    assert min(outcome.seconds for outcome in outcomes) > 0.4, "more than the limit by the clock"


def test_a_loop_is_stopped_and_named_with_its_line(check: Check, short: None) -> None:
    first, *_ = check(LOOPS)
    assert first.state == "timeout"
    assert "not done after 0.4 s" in first.problem
    assert (first.looks_like or "").startswith("a loop that never ends")
    assert first.rows[0][1] in ("while True:", "pass")


def test_code_that_waits_is_stopped_and_not_called_a_loop(check: Check, short: None) -> None:
    first, *_ = check(SLEEPS)
    assert first.state == "timeout"
    assert "it has waited for 0.8 s" in first.problem
    assert (first.looks_like or "").startswith("code that waits for something")
    assert first.rows[0][1] == "time.sleep(1000)"


def test_many_checks_that_hang_do_not_add_up_to_minutes() -> None:
    class Hanging(Slow):
        def run(self, path: Path, probe: object, inputs: bytes, seed: int, seconds: float) -> bytes:
            self.limits.append(limits.WAITING * seconds)
            self.patience.spent[path] += limits.WAITING * seconds
            raise StudentError("timeout", "it has waited", cause="wait")

    runner = Hanging(0)
    waiting = Student(MODULE, seed=0, runner=runner)
    for _ in range(30):
        with pytest.raises(StudentError):
            waiting.run(probe)
    assert sum(runner.limits) < 70


# Loading


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A package that takes so long to be imported as its text says."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(text: str) -> str:
        (tmp_path / "slow_package.py").write_text(text, encoding="utf-8")
        return "slow_package"

    yield write
    sys.modules.pop("slow_package", None)


def test_a_package_may_take_longer_to_be_imported_than_code_to_run(package: Callable) -> None:
    name = package(
        "import time\nend = time.process_time() + 0.15\nwhile time.process_time() < end: 0"
    )
    with time_limit(0.1):
        __import__(name)
        for _ in range(1000):
            pass


def test_an_import_that_takes_too_long_is_never_called_a_loop(package: Callable) -> None:
    name = package("while True: pass")
    with (
        pytest.raises(TimeIsUp, match=r"an import was not done after 0\.3 s") as raised,
        time_limit(0.1),
    ):
        __import__(name)
    assert raised.value.cause == "import"


def test_after_an_import_a_loop_is_still_a_loop(package: Callable) -> None:
    name = package(
        "import time\nend = time.process_time() + 0.15\nwhile time.process_time() < end: 0"
    )
    with pytest.raises(TimeIsUp) as raised, time_limit(0.1):
        __import__(name)
        while True:
            pass
    assert raised.value.cause == "loop"


def test_a_loop_while_the_file_is_loaded_is_named_with_its_line(check: Check, short: None) -> None:
    first, *_ = check("while True:\n    STARS = 5\n")
    assert (first.state, first.loading) == ("timeout", True)
    assert (first.looks_like or "").startswith("a loop that never ends")
    assert first.rows[0][1] in ("while True:", "STARS = 5")


# A machine that is too busy for anything


def test_at_the_terminal_a_machine_that_is_too_busy_is_said_to_be(
    small: Course, tmp_path: Path, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WALL", 1.0)  # less than the time that code may wait
    path = tmp_path / "sums.py"
    path.write_text(f"{SUMS_PY}\n{SLEEPS}", encoding="utf-8")
    first, *_ = run_checks(small, small.part(1), path, tasks=["1.2"])
    assert "not done after 0.4 s, of which it could compute for 0." in first.problem
    assert "a busy machine" in (first.looks_like or "")


def test_in_a_grade_a_machine_that_is_too_busy_costs_no_points(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WALL", 0.05)
    path = tmp_path / "anna" / MODULE
    path.parent.mkdir(parents=True)
    path.write_text(f"{SUMS_PY}\n{LOOPS}", encoding="utf-8")
    record = grade_one(Job(small.root, path.parents[1], seed=1, unsafe=False))
    assert record.status == "incomplete"
    assert "the machine is too busy: student code had 0." in (record.reason or "")


# Where students and instructors have code checked


@pytest.mark.parametrize("place", PLACES)
def test_right_code_earns_all_points_beside_other_processes(small: Course, place: str) -> None:
    with busy(2):
        assert PLACES[place](small, right(small, 1)) == [True]


def test_a_module_that_is_not_right_is_noticed(small: Course) -> None:
    stub = Submission("right", 1, small.exercises / MODULE)
    assert PLACES["terminal"](small, [stub]) == [False]
