"""The trusted side: what it believes of a worker, what it says, and what it leaves behind."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from grading.checks.evidence import MalformedEvidence, decode, encode
from grading.checks.runner import describe
from grading.checks.show import MOST_OF_A_TEXT
from grading.checks.student import StudentError
from grading.sandbox import sandboxed
from grading.sandbox.confine import Offer
from grading.sandbox.sandboxed import (
    Sandboxed,
    SandboxError,
    Zygote,
    _reachable,
    in_words,
    student_error,
    temporary_folder,
    unprivileged_user_id,
)
from grading.states import REPORTED

PATH = Path("/course/exercises/part1/sums.py")
NOBODY = 31_001  # a user id that no account has

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root"
)
PREFIX = f"course-grade-{socket.gethostname()}-"


# What a worker says went wrong


@pytest.mark.parametrize("reason", REPORTED)
def test_an_error_of_a_known_kind_is_taken_with_its_place(reason: str) -> None:
    told = {
        "reason": reason,
        "error": "IndexError: 7",
        "todo": "1.1",
        "line": 3,
        "function": "add",
        "source": "return numbers[7]",
        "loading": False,
    }
    error = student_error(told, PATH)
    assert isinstance(error, StudentError)
    assert {name: getattr(error, name) for name in told} == told
    assert error.file == str(PATH)


def test_what_describes_an_exception_is_understood() -> None:
    told = decode(encode(describe(ValueError("no"), PATH)))
    error = student_error(told, PATH)
    assert (error.reason, error.error) == ("crashed", "ValueError: no")


@pytest.mark.parametrize(
    "told",
    [
        *(None, [], "crashed", {}, {"reason": "crashed"}, {"error": "ValueError"}),
        {"reason": "passed", "error": ""},
        {"reason": "malformed", "error": ""},  # for the trusted side alone to say
        {"reason": ["crashed"], "error": ""},
        {"reason": "crashed", "error": 3},
    ],
)
def test_a_malformed_error_report_is_refused(told: Any) -> None:
    with pytest.raises(MalformedEvidence, match="a malformed error report"):
        student_error(told, PATH)


def test_what_is_of_another_kind_or_unknown_is_left_out() -> None:
    told = {"reason": "crashed", "error": "ValueError"}
    wrong = {"line": True, "function": 3, "source": ["x"], "todo": 1.1, "loading": "yes"}
    error = student_error({**told, **wrong, "file": "/etc/passwd", "points": 100}, PATH)
    assert vars(error) == vars(StudentError("crashed", "ValueError", file=str(PATH)))


def test_each_text_is_short_and_on_one_line() -> None:
    long = "a\nb" * 10_000
    told = dict.fromkeys(("error", "todo", "function", "source"), long) | {"reason": "crashed"}
    error = student_error(told, PATH)
    for text in (error.error, error.todo, error.function, error.source):
        assert text is not None
        assert "\n" not in text
        assert len(text) <= MOST_OF_A_TEXT + 1


# What never reaches a worker


@pytest.fixture
def no_worker() -> Sandboxed:
    """A sandbox in which nothing can be started."""
    zygote = cast(Zygote, SimpleNamespace(folder=Path("/nowhere")))
    return Sandboxed(zygote, {PATH: Path("/nowhere/sums.py")})


def probe(module: object) -> None:
    """probe()"""


def test_a_file_that_was_not_handed_in_is_missing_and_a_probe_elsewhere_a_mistake_in_the_check(
    no_worker: Sandboxed,
) -> None:
    with pytest.raises(StudentError, match=r"^there is no file words\.py$") as raised:
        no_worker.run(Path("part2/words.py"), probe, b"", 0, 1.0)
    assert raised.value.reason == "missing"
    with pytest.raises(TypeError, match=r"is not in probes\.py: a worker cannot see it"):
        no_worker.run(PATH, probe, b"", 0, 1.0)
    assert no_worker.fault is None


def test_a_worker_that_cannot_be_started_is_a_fault_of_the_grader(
    no_worker: Sandboxed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "__module__", "exercises.part1.probes")
    with pytest.raises(OSError, match="nowhere"):
        no_worker.run(PATH, probe, b"", 0, 1.0)
    assert isinstance(no_worker.fault, OSError)


# Words


@pytest.mark.parametrize(
    ("landlock", "seccomp", "user_id", "words"),
    [
        (7, True, True, "confined by a user id of its own, Landlock 7, seccomp, and limits"),
        (6, True, False, "confined by Landlock 6, seccomp, and limits"),
        (7, False, True, "unsafe: student code could reach files, the network and other processes"),
    ],
)
def test_reports_say_what_protected_the_grader(
    landlock: int, seccomp: bool, user_id: bool, words: str
) -> None:
    assert in_words(Offer(landlock, seccomp, user_id)) == words


def test_the_user_of_workers_is_none_of_the_systems() -> None:
    assert 20_000 <= unprivileged_user_id() < 2**16 - 2  # the last two have meanings of their own


# Temporary folders


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_folder_can_be_entered_but_not_listed_by_workers(temporary: Path) -> None:
    folder = temporary_folder()
    assert folder.parent == temporary
    assert folder.stat().st_mode & 0o777 == 0o711
    assert temporary_folder() != folder


def test_folders_of_graders_that_are_gone_go(temporary: Path) -> None:
    dead = temporary / f"{PREFIX}{ended_process()}-abc"
    alive = temporary / f"{PREFIX}{os.getppid()}-abc"
    own = temporary_folder()
    others = [temporary / name for name in ("course-grade-of-anna", "course-grade-x-1", "notes")]
    for folder in (dead, alive, *others):
        (folder / "worker-1").mkdir(parents=True)
    fresh = temporary_folder()
    assert set(temporary.iterdir()) == {alive, own, fresh, *others}


def test_what_a_worker_left_goes_however_deep_and_closed(temporary: Path) -> None:
    left = temporary / f"{PREFIX}{ended_process()}-abc"
    left.mkdir()
    here = os.open(left, os.O_RDONLY)
    for _ in range(30):  # deeper than a path can say
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    closed = left / "closed"
    closed.mkdir()
    (closed / "file").touch()
    closed.chmod(0)
    temporary_folder()
    assert not left.exists()


def test_a_link_in_place_of_a_folder_takes_nothing_along(temporary: Path) -> None:
    (temporary / "precious").mkdir()
    (temporary / "precious" / "file").touch()
    (temporary / f"{PREFIX}{ended_process()}-abc").symlink_to(temporary / "precious")
    temporary_folder()
    assert (temporary / "precious" / "file").exists()


# A user without rights and the folders that it needs


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that others cannot enter, in one that they can."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    closed = root / "root's home"
    for folder in ("the course", "secrets"):
        (closed / folder).mkdir(parents=True)
        (closed / folder / "file").write_text(folder)
    closed.chmod(0o700)
    yield closed
    shutil.rmtree(root)


def test_where_everything_can_be_reached_nothing_is_put_before(closed: Path) -> None:
    assert _reachable(None, [closed / "the course"]) == [], "workers keep the user"
    closed.chmod(0o755)
    assert _reachable(NOBODY, [closed / "the course"]) == []


def test_a_needed_folder_that_is_closed_itself_must_be_opened_by_hand(closed: Path) -> None:
    with pytest.raises(SandboxError) as raised:
        _reachable(NOBODY, [closed])
    said = f"others than root cannot read {closed}: chmod o+rx {closed}"
    assert str(raised.value) == said


@needs_root
@pytest.mark.skipif(
    shutil.which("unshare") is None or shutil.which("setpriv") is None, reason="needs util-linux"
)
def test_in_a_view_of_its_own_the_needed_folder_is_reached_and_nothing_beside_it(
    closed: Path,
) -> None:
    needed, secret = closed / "the course" / "file", closed / "secrets" / "file"

    def read(path: Path, *before: str) -> str:
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return subprocess.run([*before, *user, "cat", path], capture_output=True, text=True).stdout

    view = _reachable(NOBODY, [closed / "the course"])
    assert read(needed) == ""
    assert read(needed, *view) == "the course"
    assert read(secret, *view) == ""
    assert list(closed.iterdir())  # for everybody else it is as it was
    assert (closed.stat().st_mode & 0o777, sandboxed._closed_folder(needed)) == (0o700, closed)
