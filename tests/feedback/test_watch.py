"""`course watch`: a verdict at each save, and nothing left behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import children
from grading import forks, manifest
from grading.feedback import watch as watch_module
from grading.feedback.watch import run_once
from tests.courses import ROOT

pytestmark = pytest.mark.skipif(not forks.CAN_FORK, reason="needs a terminal and forks")

SWALLOWS_EVERYTHING = """
def add(numbers):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


@pytest.fixture
def course(tmp_path: Path) -> manifest.Course:
    """A copy of the course in which every task is solved."""
    from benchmarks.watch import working_copy

    return manifest.load(working_copy(manifest.load(ROOT), tmp_path))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[manifest.Course], Any]]:
    """`course watch 1` in a terminal of its own."""
    from benchmarks.watch import Watch

    started = []

    def start(course: manifest.Course) -> Watch:
        monkeypatch.setenv("PYTHONPATH", f"{course.root}{os.pathsep}{ROOT}")
        started.append(Watch(course.root, 1))
        return started[-1]

    yield start
    for watching in started:
        watching.quit()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_save_brings_a_verdict_and_keys_work(
    course: manifest.Course, watch: Callable[[manifest.Course], Any]
) -> None:
    watching = watch(course)
    path = course.exercises / "part1" / "neighbours.py"
    solved = path.read_text(encoding="utf-8")

    path.write_text(solved.replace("ratings >= threshold", "ratings > threshold"), encoding="utf-8")
    watching.read_until(b"1.6 to_implicit: wrong", 60)
    watching.read_until(b"q quit", 30)
    path.write_text(solved, encoding="utf-8")
    watching.read_until(b"14 of 14 points", 60)
    watching.read_until(b"q quit", 30)

    os.write(watching.terminal, b"l")
    watching.read_until(b"14 of 14  part 1", 30)
    os.write(watching.terminal, b"h")
    watching.read_until(b"hint 1 of 3", 30)
    os.write(watching.terminal, b"n")
    watching.read_until(b"part 2, ", 60)
    assert children(watching.pid) == []


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["Ctrl-C", "a closed terminal", "kill"])
def test_its_end_ends_it_also_in_the_middle_of_a_run(
    tiny: manifest.Course, watch: Callable[[manifest.Course], Any], ending: str
) -> None:
    watching = watch(tiny)
    path = tiny.exercises / "part1" / "sums.py"
    path.write_text(SWALLOWS_EVERYTHING, encoding="utf-8")
    deadline = time.monotonic() + 10
    while not children(watching.pid) and time.monotonic() < deadline:
        time.sleep(0.030)
    child = children(watching.pid)[0]
    time.sleep(0.5)  # in the middle, not in the first instant
    if ending == "Ctrl-C":
        os.write(watching.terminal, b"\x03")
    else:
        os.kill(watching.pid, signal.SIGHUP if ending == "a closed terminal" else signal.SIGTERM)
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.030)
    assert not alive(child)


def test_a_run_that_swallows_every_exception_is_stopped(
    in_tiny: manifest.Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "TIME_LIMIT", 1.0)
    path = in_tiny.exercises / "part1" / "sums.py"
    path.write_text(SWALLOWS_EVERYTHING, encoding="utf-8")
    started = time.monotonic()
    assert run_once(in_tiny, in_tiny.part(1)) == -1
    assert time.monotonic() - started < 10


def test_without_fork_a_run_is_a_cold_process(
    course: manifest.Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "CAN_FORK", False)
    monkeypatch.setenv("PYTHONPATH", str(course.root))
    assert run_once(course, course.part(1)) == 0
    (course.exercises / "part1" / "neighbours.py").write_text("", encoding="utf-8")
    assert run_once(course, course.part(1)) == 1
