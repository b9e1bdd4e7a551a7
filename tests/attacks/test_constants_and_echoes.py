"""No check can be passed with constants and with its own inputs, without any student's code.

A submission may put evidence of its own in place of what a probe saw. To compute an answer is to
solve the task; but constants, stored answers and the numbers that a check hands over must not earn
a point. So each check is given evidence in which every value is forged in these ways. It has the
form of the honest evidence, down to the shapes and types of arrays: those can be read off the
inputs.
"""

import contextlib
import functools
import importlib
import inspect
import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grading import manifest
from grading.checks.evidence import Array, Unknown, decode, encode
from grading.checks.runner import Probe
from grading.checks.student import InProcess, Student
from grading.manifest import Part
from tests.courses import ROOT

COURSE = manifest.load(ROOT)
SEED, OTHER_SEED = 7, 8  # of the forged run, and of the one that stored answers come from

# The numbers of an answer, by the call, and within it by keys and positions in the evidence.
Leaf = tuple[int, tuple[str | int, ...]]
Call = tuple[dict[str, Any], Any]  # the inputs of a probe, and its evidence
Forge = Callable[[Any, dict[str, Any], Any], Any]  # honest value, inputs, stored value → forged


class NotPossible(Exception):
    """This way of forging does not give a value of such a form."""


# Ways of forging


def stored(honest: Any, inputs: dict[str, Any], answer: Any) -> Any:
    """The answer of a run with other inputs: right where it is always the same."""
    if type(honest) is not type(answer) or np.shape(honest) != np.shape(answer):
        raise NotPossible
    return answer


def filled(constant: float | bool) -> Forge:
    def fill(honest: Any, inputs: dict[str, Any], answer: Any) -> Any:
        """An array or a list full of a constant, or the constant alone."""
        if type(constant) is bool and is_float(honest):  # the same as 0 and 1
            raise NotPossible
        if isinstance(honest, np.ndarray):
            if math.isnan(constant) and not is_float(honest):
                raise NotPossible
            return in_form_of(honest, np.full(honest.shape, constant))
        if isinstance(honest, list):
            return [constant] * len(honest)
        return float(constant) if type(honest) is float else constant

    return fill


def constant(value: Any) -> Forge:
    def replace(honest: Any, inputs: dict[str, Any], answer: Any) -> Any:
        """The constant, where the honest value is not a number, for which others are nearer."""
        if is_float(honest):
            raise NotPossible
        return value

    return replace


def echo(number: int) -> Forge:
    def repeat(honest: Any, inputs: dict[str, Any], answer: Any) -> Any:
        """The input of this number among those that fit, or as many numbers from its beginning."""
        if isinstance(honest, str):
            fitting: list[Any] = [" ".join(str(x) for x in numbers_of(inputs))]
        elif isinstance(honest, np.ndarray):
            fitting = [
                in_form_of(honest, flat[: honest.size].reshape(honest.shape))
                for flat in flat_arrays(inputs)
                if flat.size >= honest.size
            ]
        elif isinstance(honest, list):
            fitting = [
                flat[: len(honest)].tolist()
                for flat in flat_arrays(inputs)
                if flat.size >= len(honest)
            ]
        elif isinstance(honest, int | float):
            fitting = [type(honest)(x) for x in numbers_of(inputs) if math.isfinite(x)]
        else:
            fitting = []
        if number >= len(fitting):
            raise NotPossible
        return fitting[number]

    return repeat


WAYS: dict[str, Forge] = {
    "a stored answer": stored,
    **{f"all {value}": filled(value) for value in (0, 1, 3.5, math.nan, False, True)},
    **{repr(value): constant(value) for value in (None, "", [], {})},
    **{f"input {number}": echo(number) for number in range(8)},
}


def is_float(value: Any) -> bool:
    return value.dtype.kind == "f" if isinstance(value, np.ndarray) else type(value) is float


def in_form_of(honest: np.ndarray, values: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        forged = values.astype(honest.dtype)
    if isinstance(honest, Array):
        forged = forged.view(Array)
        forged.was = honest.was
    return forged


def flat_arrays(inputs: dict[str, Any]) -> Iterator[np.ndarray]:
    """Each input that is an array or a list of numbers, by rows and by columns, or one number."""
    for value in nested(inputs):
        array = np.asarray(value)
        if array.dtype.kind in "bif":
            yield array.ravel()
            if array.ndim > 1:
                yield array.T.ravel()


def nested(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from nested(item)
    elif isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        for item in value:
            yield from nested(item)
    elif isinstance(value, np.ndarray | list | int | float):
        yield value


def numbers_of(inputs: dict[str, Any]) -> list[float]:
    """Every number among the inputs; the single ones first."""
    arrays = sorted(flat_arrays(inputs), key=lambda array: array.size > 1)
    return [number for array in arrays for number in array[:200].tolist()]


# A check with forged evidence


class Recording(InProcess):
    """Runs the solution, and keeps what passes."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        evidence = super().run(path, probe, inputs, seed, seconds)
        self.calls.append((decode(inputs), decode(evidence)))
        return evidence


class Forging(Student):
    """Gives the answers that were prepared, one after the other, and runs nothing."""

    def __init__(self, path: Path, answers: list[bytes]) -> None:
        super().__init__(path, SEED)
        self.answers = answers
        self.n_given = 0

    def run(self, probe: Probe, /, **inputs: Any) -> Any:
        self.n_given += 1
        return decode(self.answers[self.n_given - 1])


class Forgery:
    """The attempts to pass one check."""

    def __init__(self, part: Part, check: Callable) -> None:
        self.check = check
        self.path = COURSE.solutions / part.path
        self.failed: set[tuple[bytes, ...]] = set()  # the answers that it had seen by then
        self.calls = self.honest(SEED)
        self.other = self.honest(OTHER_SEED)
        self.values: dict[Leaf, dict[str, Any]] = {  # by the ways that are possible
            (number, place): dict(self.forged(number, place))
            for number, (_, evidence) in enumerate(self.calls)
            for place in leaves_of(evidence)
        }

    def honest(self, seed: int) -> list[Call]:
        runner = Recording()
        self.run(Student(self.path, seed, runner))
        return runner.calls

    def run(self, student: Student) -> None:
        given = {"student": student, "rng": np.random.default_rng(student.seed)}
        self.check(**{name: given[name] for name in inspect.signature(self.check).parameters})

    def passes(self, answers: list[bytes]) -> bool:
        """Answers that begin with those at which the check has failed before fail again."""
        if any(tuple(answers[:n]) in self.failed for n in range(len(answers) + 1)):
            return False
        student = Forging(self.path, answers)
        try:
            self.run(student)
        except Exception:  # the check failed, or fell over the evidence: no point, too
            self.failed.add(tuple(answers[: student.n_given]))
            return False
        return True

    def forged(self, number: int, place: tuple) -> Iterator[tuple[str, Any]]:
        inputs, evidence = self.calls[number]
        honest, answer = at(evidence, place), NotPossible
        with contextlib.suppress(KeyError, IndexError, TypeError):
            answer = at(self.other[number][1], place)
        for way, forge in WAYS.items():
            with contextlib.suppress(NotPossible):
                yield way, forge(honest, inputs, answer)

    def answers(self, ways: dict[Leaf, str]) -> list[bytes]:
        by_call: list[list[tuple[Leaf, str]]] = [[] for _ in self.calls]
        for leaf, way in ways.items():
            by_call[leaf[0]].append((leaf, way))
        return [self.answer(number, tuple(forged)) for number, forged in enumerate(by_call)]

    @functools.cache  # noqa: B019 a forgery lasts for one test
    def answer(self, number: int, ways: tuple[tuple[Leaf, str], ...]) -> bytes:
        evidence = self.calls[number][1]
        for leaf, way in ways:
            evidence = replaced(evidence, leaf[1], self.values[leaf][way])
        return encode(evidence)

    def succeeds(self) -> list[str]:
        """How the check can be passed with nothing but forged values; empty if it cannot."""
        for whole in self.wholes():
            if self.passes([encode(value) for value in whole]):
                return [f"in place of all evidence: {whole[0]!r}"]
        alone: dict[Leaf, str] = {}  # a way that passes while all other values are honest
        for leaf, possible in self.values.items():
            passing = (way for way in possible if self.passes(self.answers({leaf: way})))
            if way := next(passing, None):
                alone[leaf] = way
        # Values that are compared with each other have to be forged together.
        for way, rest in itertools.product(WAYS, (None, *WAYS)):
            ways = {}
            for leaf, possible in self.values.items():
                wanted = rest if leaf in alone else way
                otherwise = alone.get(leaf, next(iter(possible)))
                ways[leaf] = wanted if wanted in possible else otherwise
            if self.passes(self.answers(ways)):
                return [f"call {number}, {place}: {way}" for (number, place), way in ways.items()]
        return []

    def wholes(self) -> Iterator[list[Any]]:
        """One value in place of each evidence: a constant, an input, or an error."""
        for value in (None, True, False, 0, 1, 0.0, 1.0, math.nan, "", [], {}, Unknown("Tensor")):
            yield [value for _ in self.calls]
        for number in range(max(len(inputs) for inputs, _ in self.calls)):
            yield [list(inputs.values())[min(number, len(inputs) - 1)] for inputs, _ in self.calls]
        names = ["ValueError", "KeyError", "IndexError", "TypeError", "Exception"]
        yield [
            {
                "raised": "ValueError",
                "is_a": names,
                "message": " ".join(str(x) for x in numbers_of(inputs)),
            }
            for inputs, _ in self.calls
        ]


def leaves_of(evidence: Any, place: tuple = ()) -> Iterator[tuple]:
    """The places of all values; a list of plain values is one."""
    if isinstance(evidence, dict) and evidence:
        for key, item in evidence.items():
            yield from leaves_of(item, (*place, key))
    elif isinstance(evidence, list) and any(
        isinstance(item, dict | list | np.ndarray) for item in evidence
    ):
        for number, item in enumerate(evidence):
            yield from leaves_of(item, (*place, number))
    else:
        yield place


def at(evidence: Any, place: tuple) -> Any:
    for key in place:
        evidence = evidence[key]
    return evidence


def replaced(evidence: Any, place: tuple, value: Any) -> Any:
    if not place:
        return value
    copy = evidence.copy()
    copy[place[0]] = replaced(evidence[place[0]], place[1:], value)
    return copy


def checks() -> list[Any]:
    found = []
    for part in COURSE.parts:
        module = importlib.import_module(f"exercises.{part.folder}.test_{part.folder}")
        for name, check in vars(module).items():
            if any(mark.name == "task" for mark in getattr(check, "pytestmark", ())):
                found.append(pytest.param(part, check, id=f"{part.folder}-{name}"))
    return found


@pytest.mark.parametrize(("part", "check"), checks())
def test_constants_and_inputs_pass_no_check(part: Part, check: Callable) -> None:
    how = Forgery(part, check).succeeds()
    assert not how, "\n".join(how)
