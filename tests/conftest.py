"""What all tests share: how they are distributed over processes, and their surroundings.

`pytest -n 2` gives each process whole files, whose tests share fixtures, and single tests of the
files in `SPLIT`. What takes longest begins first.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grading import manifest
from grading.batch.executors import processes
from grading.manifest import Course
from tests.courses import CLASS, ROOT, WORDS, Grader, forget_checks, put, write_data, write_sums

if TYPE_CHECKING:
    from tutorial.code import DeepCode

# A script in the background has its commands ignore Ctrl-C, and `nohup` a terminal that is closed:
# so would what the tests start and end in these ways.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Options for the tests are not meant for the pytest that they start.
os.environ.pop("PYTEST_ADDOPTS", None)

# Files of tests that share little, so that any process can run any of them.
SPLIT = ("tests/attacks/test_attacks.py", "tests/attacks/test_constants_and_echoes.py")

LONGEST = "tests/docs/test_site.py"  # of the other files; whoever got it last would be waited for


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, in the order of `pytest_collection_modifyitems`."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return nodeid if file in SPLIT else file

    config.option.loadscopereorder = False  # by number of tests, which says little
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Over several processes, first the files with slow tests: at the end others would wait."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in slow, LONGEST not in item.nodeid))


# The course of this repository, and two invented ones


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return manifest.load(ROOT)


@pytest.fixture
def tiny(tmp_path: Path) -> Course:
    """A course of two parts, six tasks and 100 points in a folder of its own, none solved."""
    return write_sums(tmp_path / "course")


@pytest.fixture
def in_tiny(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """The tiny course, with its root as the current folder."""
    monkeypatch.chdir(tiny.root)
    forget_checks()
    yield tiny
    forget_checks()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred invented ratings in the files of MovieLens; user 3 has rated every movie."""
    return write_data(tmp_path_factory.mktemp("data") / "ml")


@pytest.fixture(scope="session")
def code(course: Course) -> "DeepCode":
    """The reference solutions."""
    from tutorial.code import load_deep_code

    return load_deep_code(course, course.solutions)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Batches are too small for two threads, which wait for each other on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course that the tests' class is graded with: two parts, three tasks and 100 points."""
    return manifest.load(put(tmp_path_factory.mktemp("course"), WORDS))


@contextlib.contextmanager
def _grader(course: Course, folder: Path) -> Iterator[Grader]:
    with processes(1) as executor:
        yield Grader(course, executor, folder)


@pytest.fixture(scope="session")
def grader(small: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A grader of the small course."""
    with _grader(small, tmp_path_factory.mktemp("submissions")) as grader:
        yield grader


@pytest.fixture
def make_grader(tmp_path: Path) -> Iterator[Callable[[Course], Grader]]:
    """A grader of another course."""
    with contextlib.ExitStack() as stack:
        yield lambda course: stack.enter_context(_grader(course, tmp_path))


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of five, each of whom takes a moment to grade."""
    folder = tmp_path_factory.mktemp("class")
    slowly = "import time\ntime.sleep(0.5)\n"
    for student, files in CLASS.items():
        slow = {name: slowly + text for name, text in files.items() if name == "part1/sums.py"}
        put(folder / student, {**files, **slow})
    return folder
