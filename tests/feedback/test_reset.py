"""`course reset`: a stub is back, and what stood there is kept."""

import os
from pathlib import Path

import pytest

from grading.feedback.reset import ResetError, reset_part, reset_task
from grading.manifest import Course

MINE = '''\
"""My own words."""

import functools


def add(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


@functools.cache
@functools.lru_cache
def subtract(first, second):
    return first - second  # done!


PAGE = "a form feed \x0c, a line separator \u2028 and \x1c in a text"


def power(base, exponent): return base**exponent


class Counter:
    start = 1

    def more(self):
        return self.start

    @classmethod
    def count(cls, things):
        return len(things)


def square(base):
    return base * base


def negate(number):
    return -number'''


@pytest.fixture
def module(tiny: Course) -> Path:
    path = tiny.exercises / "part1" / "sums.py"
    path.write_text(MINE, encoding="utf-8", newline="\n")
    return path


def kept(course: Course, path: Path | None) -> str:
    assert path is not None
    with (course.root / path).open(encoding="utf-8", newline="") as file:
        return file.read()


# Of each task, what only the student's code holds and what only the stub does.
TASKS = [
    ("1.1", "total += number", 'Error("TODO 1.1: add the \\"numbers\\" up (1 line)")'),
    ("1.2", "@functools.cache\n@functools.lru_cache\n", "TODO 1.2"),
    ("1.3", "base**exponent", "TODO 1.3: multiply"),
    ("1.3", "    @classmethod\n", "    @staticmethod\n    def count(things):"),
    ("1.4", "return base * base\n\n\ndef negate", "TODO 1.4"),
    ("1.5", "return -number", 'raise NotImplementedError("TODO 1.5: turn the sign (1 line)")\n'),
]
AROUND = (
    '"""My own words."""\n\nimport functools\n',
    '"a form feed \x0c, a line separator \u2028 and \x1c in a text"',
    "    start = 1\n\n    def more(self):\n        return self.start\n",
)


@pytest.mark.parametrize("task", ["1.1", "1.2", "1.3", "1.4", "1.5"])
def test_one_task_is_a_stub_again_and_the_rest_stays(tiny: Course, module: Path, task: str) -> None:
    copy = reset_task(tiny, tiny.task(task))
    text = module.read_text(encoding="utf-8")
    compile(text, "sums.py", "exec")
    for one, mine, stub in TASKS:
        assert (mine in text) == (one != task)
        assert (stub in text) == (one == task)
    assert all(words in text for words in AROUND)
    assert kept(tiny, copy) == MINE


def test_the_kept_version_lies_in_the_backup_folder_under_the_name_of_its_part(
    tiny: Course, module: Path
) -> None:
    first, second = reset_task(tiny, tiny.task("1.1")), reset_task(tiny, tiny.task("1.2"))
    assert first is not None and second is not None
    assert first.parent == second.parent == Path(".course/backup/part1")
    assert first.name.startswith("sums.") and first.suffix == ".py"
    assert first != second, "no version overwrites another"


def test_all_tasks_one_by_one_leave_stubs_only(tiny: Course, module: Path) -> None:
    for task in tiny.part(1).tasks:
        reset_task(tiny, task)
    text = module.read_text(encoding="utf-8")
    assert text.count("raise NotImplementedError") == 6
    assert "My own words." in text


def test_a_stub_that_is_reset_stays_as_it_is(tiny: Course) -> None:
    path = tiny.exercises / "part1" / "sums.py"
    before = path.read_bytes()
    for task in tiny.part(1).tasks:
        reset_task(tiny, task)
    assert path.read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_any_editor_are_reset(
    tiny: Course, module: Path, encoding: str, newline: str
) -> None:
    module.write_text(MINE, encoding=encoding, newline=newline)
    before = module.read_bytes()
    copy = reset_task(tiny, tiny.task("1.4"))
    text = module.read_text(encoding="utf-8")
    compile(text, "sums.py", "exec")
    assert "TODO 1.4" in text
    assert "return first - second  # done!" in text
    assert copy is not None
    assert (tiny.root / copy).read_bytes() == before, "kept bit by bit"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"def add(:\n    pass\n", r"cannot be read as Python .*line 1.*"),
        (b"name = '\xff'\n", "cannot be read as Python .*"),
        (b"x = 1\x00\n", "cannot be read as Python .*"),
        (MINE.replace("def negate", "def negative").encode(), "has no negate; .*"),
    ],
    ids=["a syntax error", "not UTF-8", "a null byte", "a missing function"],
)
def test_a_file_that_cannot_be_reset_is_told_with_the_way_out_and_stays(
    tiny: Course, module: Path, content: bytes, says: str
) -> None:
    module.write_bytes(content)
    with pytest.raises(ResetError, match=rf"sums\.py {says}course reset 1$"):
        reset_task(tiny, tiny.task("1.5"))
    assert module.read_bytes() == content
    assert not (tiny.root / ".course").exists()


def test_a_missing_file_is_named_and_can_be_put_back_as_a_whole(tiny: Course) -> None:
    path = tiny.exercises / "part1" / "sums.py"
    before = path.read_bytes()
    path.unlink()
    with pytest.raises(ResetError, match=r"sums.py does not exist; .*course reset 1"):
        reset_task(tiny, tiny.task("1.1"))
    assert reset_part(tiny, tiny.part(1)) is None, "there was nothing to keep"
    assert path.read_bytes() == before


def test_a_part_is_put_back_as_a_whole_whatever_stands_there(tiny: Course, module: Path) -> None:
    module.write_bytes(b"\xff\x00 garbage")
    copy = reset_part(tiny, tiny.part(1))
    assert module.read_bytes() == (tiny.exercises / ".stubs/part1/sums.py").read_bytes()
    assert copy is not None
    assert (tiny.root / copy).read_bytes() == b"\xff\x00 garbage"


def test_without_an_untouched_copy_there_is_nothing_to_put_back(tiny: Course, module: Path) -> None:
    os.remove(tiny.exercises / ".stubs" / "part1" / "sums.py")
    for again in (
        lambda: reset_task(tiny, tiny.task("1.1")),
        lambda: reset_part(tiny, tiny.part(1)),
    ):
        with pytest.raises(ResetError, match=r"nothing to put back; take sums\.py from"):
            again()
    assert module.read_text(encoding="utf-8") == MINE
