"""What the tests of grading a class share: a course of three tasks, submissions to it, a grader."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from grading import manifest
from grading.batch.executors import processes
from grading.batch.records import Record, read_all
from grading.batch.run import Job, grade_one
from grading.manifest import Course

MANIFEST = """\
title = "Sums and words"

[[part]]
number = 1
title = "Sums"
builds = "arithmetic"
module = "sums.py"

[[part.task]]
id = "1.1"
title = "add"
symbols = ["add"]
hints = ["What is a sum?", "Python has a word for it.", "Call it."]

[[part.task]]
id = "1.2"
title = "double"
symbols = ["double"]
hints = ["Twice what?", "Add it to itself.", "Ask add."]

[[part]]
number = 2
title = "Words"
builds = "text"
module = "words.py"

[[part.task]]
id = "2.1"
title = "join"
symbols = ["join"]
hints = ["In which order?", "As they are.", "Use a plus."]
"""

PROBES_1 = '''\
def add(module, first, second):
    """add({first}, {second})"""
    return module.add(first, second)


def double(module, number):
    """double({number})"""
    return module.double(number)
'''

CHECKS_1 = '''\
from exercises.part1 import probes
from grading.checks import expect, task


@task("1.1", points=30)
def test_add(student, rng):
    """The sum of both numbers."""
    a, b = rng.integers(1000, 1_000_000, 2).tolist()
    expect(student.run(probes.add, first=a, second=b), "the sum").equals(
        a + b, looks_like={"the second was taken from the first": a - b}
    )


@task("1.1", points=10)
def test_add_nothing(student):
    """Nothing added changes nothing."""
    expect(student.run(probes.add, first=4, second=0), "the sum").equals(4)


@task("1.2", points=20)
def test_double(student):
    """Twice the number."""
    expect(student.run(probes.double, number=4), "twice the number").equals(8)
'''

PROBES_2 = '''\
def join(module, first, second):
    """join({first}, {second})"""
    return module.join(first, second)
'''

CHECKS_2 = '''\
from exercises.part2 import probes
from grading.checks import expect, task


@task("2.1", points=40)
def test_join(student):
    """One word after the other."""
    expect(student.run(probes.join, first="a", second="b"), "the word").equals("ab")
'''

COURSE = {
    "pyproject.toml": (
        '[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\npythonpath = ["."]\n'
    ),
    "conftest.py": 'pytest_plugins = ["grading.feedback.plugin"]\n',
    "exercises/course.toml": MANIFEST,
    "exercises/part1/probes.py": PROBES_1,
    "exercises/part1/test_part1.py": CHECKS_1,
    "exercises/part2/probes.py": PROBES_2,
    "exercises/part2/test_part2.py": CHECKS_2,
}

SUMS = """\
def add(first, second):
    return first + second


def double(number):
    return add(number, number)
"""
STUB_SUMS = """\
def add(first, second):
    raise NotImplementedError("TODO 1.1: add them (1 line)")


def double(number):
    raise NotImplementedError("TODO 1.2: twice the number (1 line)")
"""
WORDS = """\
def join(first, second):
    return first + second
"""
RIGHT = {"part1/sums.py": SUMS, "part2/words.py": WORDS}
STUB = {
    "part1/sums.py": STUB_SUMS,
    "part2/words.py": WORDS.replace(
        "return first + second", 'raise NotImplementedError("TODO 2.1: join them (1 line)")'
    ),
}
PARTLY = {"part1/sums.py": SUMS.replace("first + second", "first - second")}

COURSE |= {f"solutions/{name}": text for name, text in RIGHT.items()}

CLASS = {
    "anna": RIGHT,
    "ben": STUB,
    "carl": PARTLY,
    "dora": {},
    "emil": RIGHT | {"part1/sums.py": "import os\nos._exit(0)\n"},
}
SCORES = {"anna": 100, "ben": 0, "carl": 10, "dora": 0, "emil": 40}
SLOWLY = "import time\ntime.sleep(0.5)\n"


def put(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files into the folder, which comes to be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def kept(out: Path) -> list[Record]:
    """The records in a folder of grades, without times."""
    return [without_times(record) for record in read_all(out / "records")]


def without_times(record: Record) -> Record:
    """The record as it would be, were all machines equally fast."""
    tasks = tuple(replace(task, seconds=0.0) for task in record.tasks)
    return replace(record, started="", seconds=0.0, tasks=tasks)


@dataclass(frozen=True)
class Grader:
    """Grades one submission in a process of its own, which starts from nothing, as a class is."""

    course: Course
    executor: Executor
    folder: Path

    def __call__(self, files: Mapping[str, str], student: str = "anna", seed: int = 7) -> Record:
        return self.grade_folder(put(self._fresh() / student, files), seed)

    def grade_folder(self, folder: Path, seed: int = 7) -> Record:
        return self.executor.submit(
            grade_one, Job(self.course.root, folder, seed, unsafe=False)
        ).result(timeout=300)

    def _fresh(self) -> Path:
        return self.folder / str(sum(1 for _ in self.folder.iterdir()))


@contextlib.contextmanager
def _grader(course: Course, folder: Path) -> Iterator[Grader]:
    with processes(1) as executor:
        yield Grader(course, executor, folder)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course of two parts, three tasks and 100 points."""
    return manifest.load(put(tmp_path_factory.mktemp("course"), COURSE))


@pytest.fixture(scope="module")
def grader(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    with _grader(course, tmp_path_factory.mktemp("submissions")) as grader:
        yield grader


@pytest.fixture
def make_grader(tmp_path: Path) -> Iterator[Callable[[Course], Grader]]:
    """A grader of another course."""
    with contextlib.ExitStack() as stack:
        yield lambda course: stack.enter_context(_grader(course, tmp_path))


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of five, each of whom takes a moment to grade."""
    folder = tmp_path_factory.mktemp("class")
    for student, files in CLASS.items():
        slow = {name: SLOWLY + text for name, text in files.items() if name == "part1/sums.py"}
        put(folder / student, {**files, **slow})
    return folder
