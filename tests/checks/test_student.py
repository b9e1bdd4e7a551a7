"""A check's view of the student's code: evidence, or what kept it from giving any."""

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from grading.checks import Student, StudentError
from grading.checks import student as student_module
from grading.checks.evidence import MAX_BYTES, Unknown

Write = Callable[[str], Student]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Saves a student's module and gives the `student` of a check for it."""
    path = tmp_path / "part1" / "sums.py"
    path.parent.mkdir()

    def write(source: str) -> Student:
        path.write_text(source, encoding="utf-8")
        return Student(path, seed=0)

    return write


def solve(module: ModuleType, **inputs: Any) -> Any:
    """solve({x})"""
    return module.solve(**inputs)


def failure(student: Student, probe: Callable = solve, **inputs: Any) -> StudentError:
    with pytest.raises(StudentError) as raised:
        student.run(probe, **inputs)
    error = raised.value
    assert error.file == str(student.path)
    return error


# Evidence


def test_evidence_is_what_the_probe_returned(write: Write) -> None:
    student = write("def solve(x):\n    return {'sum': x.sum(), 'twice': [x * 2]}\n")
    seen = student.run(solve, x=np.array([1.0, 2.0]))
    assert seen["sum"] == 3.0
    assert type(seen["sum"]) is float, "numbers of numpy arrive as numbers"
    assert seen["twice"][0].tolist() == [2.0, 4.0]


def test_the_call_is_told_as_the_student_would_type_it(write: Write) -> None:
    student = write("def solve(x):\n    return x\n")
    assert student.last_call is None
    student.run(solve, x=list(range(9)))
    assert student.last_call == "solve([0, 1, 2, 3, 4, … 9 in all])"


def test_the_student_gets_plain_arrays_of_its_own(write: Write) -> None:
    student = write(
        "import numpy as np\n"
        "def solve(x):\n"
        "    x['array'][:] = 0\n"
        "    x['list'].append(9)\n"
        "    return type(x['array']) is np.ndarray and type(x['array'].mean()) is np.float64\n"
    )
    inputs = {"array": np.array([1.0, 2.0]), "list": [1]}
    assert student.run(solve, x=inputs) is True
    assert inputs["array"].tolist() == [1.0, 2.0], "what the check knows stays as it was"
    assert inputs["list"] == [1]


def test_what_is_not_plain_data_arrives_as_its_type(write: Write) -> None:
    student = write("class Model:\n    pass\ndef solve():\n    return Model()\n")
    assert student.run(lambda module: module.solve()) == Unknown("Model")


def test_random_state_is_the_same_before_each_probe(write: Write) -> None:
    student = write(
        "import random, numpy, torch\n"
        "random.random(); numpy.random.rand(); torch.rand(1)\n"
        "def solve():\n"
        "    return [random.random(), numpy.random.rand(), torch.rand(1)]\n"
    )

    def draw(module: ModuleType) -> Any:
        return module.solve()

    first, second = student.run(draw), student.run(draw)
    assert first[:2] == second[:2]
    assert np.array_equal(first[2], second[2])
    other = Student(student.path, seed=1).run(draw)
    assert all(mine != theirs for mine, theirs in zip(first[:2], other[:2], strict=True))
    assert not np.array_equal(first[2], other[2])


# The module is loaded once, and anew when it changes


def test_an_unchanged_file_is_loaded_once(write: Write) -> None:
    student = write("loads = []\nloads.append(1)\ndef solve():\n    loads.append(1)\n")
    for _ in range(3):
        student.run(lambda module: module.solve())
    assert student.run(lambda module: module.loads) == [1] * 4


def test_a_file_saved_twice_in_a_moment_with_the_same_length_is_loaded_anew(write: Write) -> None:
    student = write("def solve(x):\n    return x + 1\n")
    assert student.run(solve, x=5) == 6
    times = os.stat(student.path)
    student = write("def solve(x):\n    return x - 1\n")
    os.utime(student.path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert student.run(solve, x=5) == 4
    assert not (student.path.parent / "__pycache__").exists(), "nothing is left beside the file"


def test_a_file_that_broke_is_loaded_again_once_it_is_mended(write: Write) -> None:
    error = failure(write("1 / 0\n"), x=1)
    assert error.reason == "crashed"
    assert write("def solve(x):\n    return x\n").run(solve, x=1) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_any_editor_are_read(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "sums.py"
    text = "def solve(x):\n    café = x\n    return café / 0\n"
    path.write_text(text, encoding=encoding, newline=newline)
    error = failure(Student(path, 0), x=1)
    assert (error.line, error.source) == (3, "return café / 0")


# Not started, missing


def test_a_stub_that_was_reached_is_not_started_and_named(write: Write) -> None:
    student = write(
        "class Model:\n    def __init__(self):\n"
        "        raise NotImplementedError('TODO 3.1: tables (2 lines)')\n"
        "def solve(x):\n    return Model()\n"
    )
    error = failure(student, x=1)
    assert (error.reason, error.error) == ("not_started", "TODO 3.1: tables (2 lines)")
    assert (error.todo, error.function, error.line) == ("3.1", "Model.__init__", 3)


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    error = failure(Student(tmp_path / "part3" / "model.py", 0), x=1)
    assert (error.reason, error.error) == ("missing", "there is no file model.py")


def test_a_missing_function_is_missing_and_named(write: Write) -> None:
    error = failure(write("def sovle(x):\n    return x\n"), x=1)
    assert (error.reason, error.error) == ("missing", "sums.py has no solve")


def test_an_attribute_that_a_students_object_lacks_is_missing(write: Write) -> None:
    text = "class A:\n    pass\ndef solve(x):\n    return A()\n"
    error = failure(write(text), bad_attribute, x=1)
    assert error.reason == "missing"
    assert "table" in error.error
    assert error.line is None, "the probe's own line is nothing to a student"


def bad_attribute(module: ModuleType, x: int) -> Any:
    """solve({x}).table"""
    return module.solve(x).table


# Crashed


# Source, with a comment on the line that is told, and the beginning of the error.
CRASHES = {
    "a syntax error": (
        "x = 1\ndef solve(x:  # here\n    return x\n",
        "SyntaxError: '(' was never closed",
    ),
    "a wrong indentation": (
        "def solve(x):\nreturn x  # here\n",
        "IndentationError: expected an indented block",
    ),
    "an import that fails": (
        "import math\nimport tensorfloww  # here\n",
        "ModuleNotFoundError: No module named 'tensorfloww'",
    ),
    "inside of a helper": (
        "def helper(x):\n    return 1 / (x - 7)  # here\n\ndef solve(x):\n    return helper(x)\n",
        "ZeroDivisionError: division by zero",
    ),
    "inside of torch": (
        "import torch\ndef solve(x):\n    table = torch.nn.Embedding(3, 2)\n"
        "    return table(torch.tensor([x]))  # here\n",
        "IndexError: index out of range in self",
    ),
    "an attribute that a module lacks": (
        "import math\ndef solve(x):\n    return math.sinn(x)  # here\n",
        "AttributeError: module 'math' has no attribute 'sinn'",
    ),
    "a file that the student misses": (
        "def solve(x):\n    return open('/nowhere/u.data')  # here\n",
        "FileNotFoundError: ",
    ),
    "another NotImplementedError": (
        "from torch import nn\ndef solve(x):\n    return nn.Module()(x)  # here\n",
        'NotImplementedError: Module [Module] is missing the required "forward" function',
    ),
    "wrong arguments, which the student's own lines do not hold": (
        "def solve():\n    return 1\n",
        "TypeError: solve() got an unexpected keyword argument 'x'",
    ),
    "endless recursion": ("def solve(x):\n    return solve(x)  # here\n", "RecursionError"),
    "an odd exception": (
        "class Odd(BaseException):\n    pass\ndef solve(x):\n    raise Odd  # here\n",
        "Odd",
    ),
    "an exception without words": (
        "class Silent(Exception):\n    def __str__(self):\n        1 / 0\n"
        "def solve(x):\n    raise Silent  # here\n",
        "Silent: (its message cannot be shown)",
    ),
    **{
        f"{call}, {place}": (f"{before}{call}  # here\n", "SystemExit")
        for call in ("exit()", "import sys; sys.exit(3)", "raise SystemExit('bye')")
        for place, before in (("called", "def solve(x):\n    "), ("at import", ""))
    },
}


@pytest.mark.parametrize(("source", "error"), CRASHES.values(), ids=CRASHES)
def test_a_crash_is_told_with_the_innermost_line_of_the_students_file(
    write: Write, source: str, error: str
) -> None:
    found = failure(write(source), x=7)
    assert found.reason == "crashed"
    assert found.error.startswith(error)
    told = [(n, line.strip()) for n, line in enumerate(source.split("\n"), 1) if "# here" in line]
    assert [(found.line, found.source)] == (told or [(None, None)])


def test_a_file_that_is_not_utf_8_is_told_with_its_name(write: Write) -> None:
    student = write("")
    student.path.write_bytes(b"name = '\xe9'\n")
    error = failure(student, x=1)
    assert error.reason == "crashed"
    assert error.error.startswith("SyntaxError: ")
    assert "utf-8" in error.error


def test_ctrl_c_is_not_taken_for_a_crash(write: Write) -> None:
    student = write("def solve(x):\n    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        student.run(solve, x=1)


def test_a_long_message_is_cut_and_put_on_one_line(write: Write) -> None:
    error = failure(write("def solve(x):\n    raise ValueError('a\\n  b' + 'x' * 10**7)\n"), x=1)
    assert error.error.startswith("ValueError: a bxxx")
    assert error.error.endswith("x…")
    assert len(error.error) < 350


def test_evidence_that_is_too_large_is_malformed(write: Write) -> None:
    student = write("import numpy as np\ndef solve(x):\n    return np.zeros(x)\n")
    error = failure(student, x=MAX_BYTES // 8)
    assert error.reason == "malformed"
    assert f"more than the {MAX_BYTES} allowed" in error.error


def test_what_one_probe_switched_off_in_torch_is_on_again_for_the_next(write: Write) -> None:
    off = "torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64)"
    student = write(f"import torch\ndef solve(x):\n    {off}\n    return x\n")
    student.run(solve, x=1)
    student.run(lambda module: None)
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() == torch.float32


def test_an_endless_loop_is_stopped_with_its_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student_module, "TIME_LIMIT", 0.05)
    monkeypatch.setattr(student_module, "SHORT_TIME_LIMIT", 0.02)
    student = write(
        "def solve(x):\n    while True:\n        try:\n            x += 1\n"
        "        except Exception:\n            pass\n"
    )
    error = failure(student, x=1)
    assert (error.reason, error.error) == ("timeout", "not done after 0.05 s")
    assert error.line in range(2, 7)
    assert failure(student, x=1).error == "not done after 0.02 s", "patience wears thin"


def test_whether_the_file_could_be_loaded_at_all_is_told(write: Write) -> None:
    assert failure(write("1 / 0\n"), x=1).loading
    assert failure(write("def solve(x:\n"), x=1).loading
    assert not failure(write("def solve(x):\n    1 / 0\n"), x=1).loading
    assert not failure(write("def other(x):\n    1 / 0\n"), x=1).loading


def test_a_notebook_under_the_name_of_the_module_is_named(write: Write) -> None:
    error = failure(write('{"cells": [], "metadata": {}, "nbformat": 4}'), x=1)
    assert error.reason == "missing"
    assert "holds a notebook" in error.error
