"""What the tests of the grader share: the real course, a tiny invented one, and a little data."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from authoring.build import build
from grading import manifest
from grading.manifest import Course
from tests.modules import forget_checks

ROOT = Path(__file__).resolve().parents[2]

MANIFEST = """\
title = "Sums"

[[part]]
number = 1
title = "Whole numbers"
builds = "arithmetic"
module = "sums.py"

[[part.task]]
id = "1.1"
title = "add"
symbols = ["add"]
hints = ["What is a sum?", "Python has a word for it.", "Call it."]

[[part.task]]
id = "1.2"
title = "subtract"
symbols = ["subtract"]
hints = ["What is a difference?", "It has an order.", "Take the second from the first."]

[[part.task]]
id = "1.3"
title = "power and Counter"
symbols = ["power", "Counter", "Counter.count"]
hints = ["How often?", "As often as the exponent says.", "Multiply again and again."]

[[part.task]]
id = "1.4"
title = "square"
symbols = ["square"]
hints = ["Which power is it?", "The second.", "Ask power."]

[[part.task]]
id = "1.5"
title = "negate"
symbols = ["negate"]
hints = ["Which side of zero?", "The other.", "Turn the sign."]

[[part]]
number = 2
title = "Fractions"
builds = "division"
module = "fractions.py"

[[part.task]]
id = "2.1"
title = "divide"
symbols = ["divide"]
hints = ["By what?", "Never by nothing.", "Use a slash."]
"""

SUMS = '''\
"""Part 1 – Whole numbers."""


def add(numbers):
    """The sum."""
    # TODO 1.1: add the "numbers" up (1 line)
    # BEGIN SOLUTION 1.1
    return sum(numbers) if numbers else 0
    # END SOLUTION 1.1


def subtract(first, second):
    """The difference."""
    # TODO 1.2: take the second from the first (1 line)
    # BEGIN SOLUTION 1.2
    difference = first - second
    return difference
    # END SOLUTION 1.2


def power(base, exponent):
    """A power with a whole exponent."""
    # TODO 1.3: multiply as often as the exponent says (about 4 lines)
    # BEGIN SOLUTION 1.3
    product = 1
    for _ in range(exponent):
        product *= base
    return product
    # END SOLUTION 1.3


class Counter:
    """Counts."""

    start = 0

    @staticmethod
    def count(things):
        """How many things."""
        # TODO 1.3: count the things (1 line)
        # BEGIN SOLUTION 1.3
        return Counter.start + len(things)
        # END SOLUTION 1.3


def square(base):
    """The second power."""
    # TODO 1.4: ask power (1 line)
    # BEGIN SOLUTION 1.4
    return power(base, 2)
    # END SOLUTION 1.4


def negate(number):
    """The same on the other side of zero."""
    # TODO 1.5: turn the sign (1 line)
    # BEGIN SOLUTION 1.5
    return -1 * number
    # END SOLUTION 1.5
'''

FRACTIONS = '''\
"""Part 2 – Fractions."""


def divide(first, second):
    """The quotient."""
    # TODO 2.1: divide the first by the second (1 line)
    # BEGIN SOLUTION 2.1
    return first / second
    # END SOLUTION 2.1
'''

PROBES = '''\
"""What the checks look at."""


def add(module, numbers):
    """add({numbers})"""
    return module.add(numbers)


def subtract(module, first, second):
    """subtract({first}, {second})"""
    return module.subtract(first, second)


def power(module, base, exponent):
    """power({base}, {exponent})"""
    return module.power(base, exponent)


def square(module, base):
    """square({base})"""
    return module.square(base)


def negate(module, number):
    """negate({number})"""
    return module.negate(number)
'''

CHECKS_1 = '''\
"""Part 1: whole numbers."""

from exercises.part1 import probes
from grading.checks import expect, task


@task("1.1", points=30)
def test_add(student, rng):
    """All numbers are added up."""
    numbers = rng.integers(1, 1000, 3).tolist()
    expect(student.run(probes.add, numbers=numbers), "the sum").equals(sum(numbers))


@task("1.1", points=10)
def test_add_nothing(student):
    """The sum of nothing is 0."""
    expect(student.run(probes.add, numbers=[]), "the sum").equals(0)


@task("1.2", points=10)
def test_subtract(student, rng):
    """The second number is taken from the first."""
    a, b = rng.integers(1, 1000, 2).tolist()
    expect(student.run(probes.subtract, first=a, second=b), "the difference").equals(
        a - b, looks_like={"the first was taken from the second": b - a}
    )


@task("1.3", points=10)
def test_power(student):
    """The base is multiplied with itself."""
    expect(student.run(probes.power, base=3, exponent=4), "the power").equals(81)


@task("1.4", points=10)
def test_square(student):
    """A square is a second power."""
    expect(student.run(probes.square, base=7), "the square").equals(49)


@task("1.5", points=20)
def test_negate(student):
    """The sign is turned."""
    expect(student.run(probes.negate, number=3), "the number").equals(-3)
'''

CHECKS_2 = '''\
"""Part 2: fractions."""

from grading.checks import expect, task


def divide(module, first, second):
    """divide({first}, {second})"""
    return module.divide(first, second)


@task("2.1", points=10)
def test_divide(student):
    """The first number is divided by the second."""
    expect(student.run(divide, first=1, second=4), "the quotient").equals(0.25)
'''

PYTEST = '[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\npythonpath = ["."]\n'
FILES = {
    "pyproject.toml": PYTEST,
    "conftest.py": 'pytest_plugins = ["grading.feedback.plugin"]\n',
    "exercises/course.toml": MANIFEST,
    "exercises/part1/probes.py": PROBES,
    "exercises/part1/test_part1.py": CHECKS_1,
    "exercises/part2/test_part2.py": CHECKS_2,
    "solutions/part1/sums.py": SUMS,
    "solutions/part2/fractions.py": FRACTIONS,
}


def _write_course(folder: Path) -> Course:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    course = manifest.load(folder)
    build(course)
    return course


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return manifest.load(ROOT)


@pytest.fixture(scope="session")
def write_course() -> Callable[[Path], Course]:
    """Writes a course of two parts, six tasks and 100 points, its stubs unsolved."""
    return _write_course


@pytest.fixture
def tiny(tmp_path: Path) -> Course:
    """A course of two parts in a folder of its own."""
    return _write_course(tmp_path / "course")


@pytest.fixture
def in_tiny(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """The tiny course, with its root as the current folder.

    This process keeps the checks that it imported, by names that all courses share.
    """
    monkeypatch.chdir(tiny.root)
    forget_checks()
    yield tiny
    forget_checks()


SEEN_ALL, N_USERS, N_MOVIES = 3, 40, 60


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred invented ratings in the files of MovieLens; user 3 has rated every movie."""
    rng = np.random.default_rng(0)
    generosity, quality = rng.normal(0, 0.6, (N_USERS, 1)), rng.normal(0, 0.9, N_MOVIES)
    taste = rng.normal(0, 0.6, (N_USERS, 2)) @ rng.normal(0, 0.6, (2, N_MOVIES))
    scores = np.clip(np.rint(3.5 + generosity + quality + taste), 1, 5).astype(int)
    rated = rng.random((N_USERS, N_MOVIES)) < 0.4
    rated[SEEN_ALL - 1] = True
    ratings = [
        f"{user + 1}\t{movie + 1}\t{scores[user, movie]}\t{880000000 + 60 * when}\n"
        for when, (user, movie) in enumerate(rng.permutation(np.argwhere(rated)))
    ]
    flags = rng.random((N_MOVIES, 19)) < 0.2
    items = [
        f"{movie + 1}|[bold] Film No. {movie + 1} (1990)|01-Jan-1990||"
        f"|{'|'.join(str(int(flag)) for flag in flags[movie])}\n"
        for movie in range(N_MOVIES)
    ]
    folder = tmp_path_factory.mktemp("data") / "ml"
    folder.mkdir()
    for name, lines in {
        "u.data": ratings,
        "u.item": items,
        "u.user": [f"{user + 1}|30|F|writer|12345\n" for user in range(N_USERS)],
        "u.genre": [f"genre {number}|{number}\n" for number in range(19)],
    }.items():
        (folder / name).write_text("".join(lines), encoding="latin-1")
    return folder
