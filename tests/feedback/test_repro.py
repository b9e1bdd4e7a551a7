"""`course check 3.2 --repro`: what is pasted into Python fails as the check does."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from grading.cli import app
from grading.feedback.repro import _as_typed, _in_full, _literal
from grading.manifest import Course

CRASHING = "def add(numbers):\n    return 0\n\n\ndef power(base, exponent):\n    return base / 0\n"


def repro(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["check", *arguments, "--repro"])
    return done.exit_code, done.output


def pasted(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Python, started in another folder, with these lines typed in."""
    command = [sys.executable, "-i", "-q"]
    return subprocess.run(command, input=code, cwd=folder, capture_output=True, text=True)


def test_the_lines_call_what_the_check_called_and_give_the_same(
    in_tiny: Course, tmp_path: Path
) -> None:
    (in_tiny.exercises / "part1" / "sums.py").write_text(CRASHING)
    code, text = repro("1.3")
    assert code == 0
    assert text.startswith("# 1.3 power and Counter: crashed with ZeroDivisionError in sums.py")
    assert "ZeroDivisionError: division by zero" in pasted(text, tmp_path).stderr
    code, text = repro("1.1")
    assert "#     returned    0\n" in text
    assert text.endswith("print(add(numbers))\n")
    assert pasted(text, tmp_path).stdout == "0\n"


def test_where_there_is_nothing_to_reproduce_it_says_why(in_tiny: Course) -> None:
    path = "exercises/part1/sums.py"
    code, text = repro("1.1")
    assert code == 1
    assert text.startswith(f"1.1 is not started in {path}; --repro reads the module.")
    (in_tiny.root / path).write_bytes((in_tiny.solutions / "part1" / "sums.py").read_bytes())
    assert repro("1.1") == (1, f"1.1 passes in {path}: there is nothing to reproduce\n")
    for wrong in (("1",), ("1.1", "1.2"), ()):
        assert repro(*wrong) == (2, "--repro takes one task, as in: course check 3.2 --repro\n")


def test_what_the_message_truncates_is_there_in_full() -> None:
    table = np.arange(1500).reshape(30, 50)
    first, *rows = _in_full(table)
    assert first == "    expected, in full:"
    assert [int(number) for number in re.findall(r"\d+", "".join(rows))] == [*range(1500)]
    for short in ("a new array", None, 4.5, np.zeros(3)):
        assert not list(_in_full(short))


def pick(module: ModuleType, values: list[int], k: int) -> Any:
    """[pick(value, k={k}) for value in {values}]"""
    return [module.pick(value, k=k) for value in values]


def pick_from_array(module: ModuleType, values: list[int]) -> Any:
    """pick({values})"""
    return module.pick(np.array(values))


def test_a_call_that_a_probe_only_makes_is_as_typed() -> None:
    assert _as_typed(pick) == ("[pick(value, k=k) for value in values]", ["pick"])
    assert _as_typed(pick_from_array) is None


@pytest.mark.parametrize(
    "value",
    [
        np.array([[1.5, np.nan], [np.inf, -np.inf]], dtype="float32"),
        np.zeros((0, 5), dtype="float64"),
        np.array(True),
        {"a": [1, None, "text\n"], "b": {"c": float("nan")}},
        [np.float32(0.1), np.int64(3)],
    ],
)
def test_any_input_of_a_probe_comes_back_from_its_literal(value: object) -> None:
    again = eval(_literal(value), {"array": np.array})
    assert repr(again) == repr([x.item() for x in value] if isinstance(value, list) else value)
