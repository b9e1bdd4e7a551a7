"""Two invented courses that tests share, and submissions to the second.

`SUMS` is what a maintainer and a student have: six tasks with checks, stubs and hints. `WORDS` is
what a class is graded with: three tasks, `RIGHT` and other submissions to it.
"""

import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.synthetic_ratings import GENRES
from grading import manifest
from grading.batch.records import Record, read_all, without_times
from grading.batch.run import Job, grade_one
from grading.manifest import Course

ROOT = Path(__file__).resolve().parents[1]
IMPORTS = "from exercises.part{} import probes\nfrom grading.checks import expect, task\n"


def put(folder: Path, files: Mapping[str, str] | Mapping[str, bytes]) -> Path:
    """Write the files into the folder, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def forget_checks() -> None:
    """Have checks and probes imported again: all courses share the names of these modules."""
    for name in [name for name in sys.modules if name.startswith(("exercises", "tests.hidden"))]:
        del sys.modules[name]


def _files(title: str, *parts: tuple[str, str, str, Iterable[tuple[str, str]]]) -> dict[str, str]:
    """The manifest and the settings of a course.

    Args:
        parts: title, what it builds, module, and for each task its symbols and first hint.
    """
    lines = [f'title = "{title}"\n']
    for number, (name, builds, module, tasks) in enumerate(parts, start=1):
        lines += [f'[[part]]\nnumber = {number}\ntitle = "{name}"', f'builds = "{builds}"']
        lines += [f'module = "{module}"\n']
        for place, (symbols, hint) in enumerate(tasks, start=1):
            names = symbols.split()
            title = " and ".join(name for name in names if "." not in name)
            hints = [hint, "Python has a word for it.", "Call it."]
            lines += [f'[[part.task]]\nid = "{number}.{place}"\ntitle = "{title}"']
            lines += [f"symbols = {names}\nhints = {hints}\n".replace("'", '"')]
    return {
        "pyproject.toml": (
            '[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\npythonpath = ["."]\n'
        ),
        "conftest.py": 'pytest_plugins = ["grading.feedback.plugin"]\n',
        "exercises/course.toml": "\n".join(lines),
    }


def _probes(**calls: str) -> str:
    """Probes, each of which calls the function of its name with these arguments."""
    return "\n\n".join(
        f"def {name}(module, {arguments}):\n"
        f'    """{name}({", ".join(f"{{{one}}}" for one in arguments.split(", "))})"""\n'
        f"    return module.{name}({arguments})\n"
        for name, arguments in calls.items()
    )


# A course of two parts, six tasks and 100 points

SUMS_MODULE = '''\
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

SUMS_CHECKS_1 = f'''\
"""Part 1: whole numbers."""

{IMPORTS.format(1)}

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
        a - b, looks_like={{"the first was taken from the second": b - a}}
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

SUMS = {
    **_files(
        "Sums",
        (
            "Whole numbers",
            "arithmetic",
            "sums.py",
            [
                ("add", "What is a sum?"),
                ("subtract", "What is a difference?"),
                ("power Counter Counter.count", "How often?"),
                ("square", "Which power is it?"),
                ("negate", "Which side of zero?"),
            ],
        ),
        ("Fractions", "division", "fractions.py", [("divide", "By what?")]),
    ),
    "exercises/part1/probes.py": _probes(
        add="numbers",
        subtract="first, second",
        power="base, exponent",
        square="base",
        negate="number",
    ),
    "exercises/part1/test_part1.py": SUMS_CHECKS_1,
    "exercises/part2/test_part2.py": '''\
"""Part 2: fractions."""

from grading.checks import expect, task


def divide(module, first, second):
    """divide({first}, {second})"""
    return module.divide(first, second)


@task("2.1", points=10)
def test_divide(student):
    """The first number is divided by the second."""
    expect(student.run(divide, first=1, second=4), "the quotient").equals(0.25)
''',
    "solutions/part1/sums.py": SUMS_MODULE,
    "solutions/part2/fractions.py": '''\
"""Part 2 – Fractions."""


def divide(first, second):
    """The quotient."""
    # TODO 2.1: divide the first by the second (1 line)
    # BEGIN SOLUTION 2.1
    return first / second
    # END SOLUTION 2.1
''',
}


def write_sums(folder: Path) -> Course:
    """Write the course with its stubs, none of which is solved."""
    from authoring.build import build  # costs two seconds, which not every process needs

    course = manifest.load(put(folder, SUMS))
    build(course)
    return course


def make_optional(course: Course, number: int) -> Course:
    """Have the points of one part be a bonus."""
    path = course.exercises / "course.toml"
    text = path.read_text(encoding="utf-8")
    line = f"number = {number}\n"
    path.write_text(text.replace(line, f"{line}optional = true\n"), encoding="utf-8")
    return manifest.load(course.root)


# A course of two parts, three tasks and 100 points, and a class

PROBES_1 = _probes(add="first, second", double="number")
CHECKS_1 = f'''\
{IMPORTS.format(1)}

@task("1.1", points=30)
def test_add(student, rng):
    """The sum of both numbers."""
    a, b = rng.integers(1000, 1_000_000, 2).tolist()
    expect(student.run(probes.add, first=a, second=b), "the sum").equals(
        a + b, looks_like={{"the second was taken from the first": a - b}}
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

SUMS_PY = """\
def add(first, second):
    return first + second


def double(number):
    return add(number, number)
"""
WORDS_PY = """\
def join(first, second):
    return first + second
"""
TO_DO = 'raise NotImplementedError("TODO {} (1 line)")'
RIGHT = {"part1/sums.py": SUMS_PY, "part2/words.py": WORDS_PY}
STUB = {
    "part1/sums.py": SUMS_PY.replace(
        "return first + second", TO_DO.format("1.1: add them")
    ).replace("return add(number, number)", TO_DO.format("1.2: twice the number")),
    "part2/words.py": WORDS_PY.replace("return first + second", TO_DO.format("2.1: join them")),
}
PARTLY = {"part1/sums.py": SUMS_PY.replace("first + second", "first - second")}

WORDS = {
    **_files(
        "Sums and words",
        (
            "Sums",
            "arithmetic",
            "sums.py",
            [("add", "What is a sum?"), ("double", "Twice what?")],
        ),
        ("Words", "text", "words.py", [("join", "In which order?")]),
    ),
    "exercises/part1/probes.py": PROBES_1,
    "exercises/part1/test_part1.py": CHECKS_1,
    "exercises/part2/probes.py": _probes(join="first, second"),
    "exercises/part2/test_part2.py": f'''\
{IMPORTS.format(2)}

@task("2.1", points=40)
def test_join(student):
    """One word after the other."""
    expect(student.run(probes.join, first="a", second="b"), "the word").equals("ab")
''',
    **{f"solutions/{name}": text for name, text in RIGHT.items()},
}

CLASS = {
    "anna": RIGHT,
    "ben": STUB,
    "carl": PARTLY,
    "dora": {},
    "emil": RIGHT | {"part1/sums.py": "import os\nos._exit(0)\n"},
}
SCORES = {"anna": 100, "ben": 0, "carl": 10, "dora": 0, "emil": 40}


def kept(out: Path) -> list[Record]:
    """The records in a folder of grades, without times."""
    return [without_times(record) for record in read_all(out / "records")]


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


# A little data

SEEN_ALL, N_USERS, N_MOVIES = 3, 40, 60


def write_data(folder: Path) -> Path:
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
    lines = {
        "u.data": ratings,
        "u.item": items,
        "u.user": [f"{user + 1}|30|F|writer|12345\n" for user in range(N_USERS)],
        "u.genre": [f"{name}|{number}\n" for number, name in enumerate(GENRES)],
    }
    return put(folder, {name: "".join(of_file) for name, of_file in lines.items()})
