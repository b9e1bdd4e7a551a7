"""Which of the module's functions and classes stand on others."""

from types import ModuleType

import pytest

from grading.checks.calls import reached

SOURCE = """
import functools
import math


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper


def first():
    return math.pi


@decorated
def second():
    return [first() for _ in range(2)]


def third():
    return second()


class Base:
    def __init__(self):
        first()

    def score(self):
        return 1

    def name(self):
        return "base"


class Extended(Base):
    def score(self):
        return super().score() + 1

    def name(self):
        return "extended"
"""


@pytest.fixture(scope="module")
def module() -> ModuleType:
    module = ModuleType("student.part1.sums")
    exec(SOURCE, module.__dict__)
    return module


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("first", set()),
        ("second", {"first"}),
        ("third", {"first", "second"}),
        ("Base.score", set()),
        ("Base.__init__", {"first"}),
        ("missing", set()),
        ("missing.method", set()),
    ],
)
def test_calls_count_at_any_depth_and_through_decorators(
    module: ModuleType, symbol: str, names: set[str]
) -> None:
    assert reached(module, symbol) == names


def test_a_class_stands_on_what_it_inherits_and_not_on_what_it_replaces(module: ModuleType) -> None:
    names = reached(module, "Extended")
    assert {"Base", "Base.__init__", "Base.score", "first"} <= names
    assert "Base.name" not in reached(module, "Extended.name")
