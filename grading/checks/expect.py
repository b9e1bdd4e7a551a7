"""Judging evidence: type, shape, dtype, finite, values, in this order, stopping at the first.

A failure is a `CheckFailed` with what was returned, what was expected and, where the result is
what a known mistake would give, the name of that mistake.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from grading.checks.evidence import Array, Unknown
from grading.checks.show import MOST_VALUES, on_one_line, shape, show

# Mistakes, each with what it would return or with whether its signs are there. The first that
# fits is named; a text alone is the mistake that a failure always shows.
LooksLike = Mapping[str, Any] | str

FLOATS = ("float32", "float64")
INTEGERS = ("uint8", "int32", "int64")


class CheckFailed(AssertionError):
    """The student's result is not what the task asks for.

    Attributes:
        problem: what is wrong, in a few words, such as "wrong shape".
        rows: label and text of each line that explains it, in order.
        expected: the value or the text that `rows` may have truncated.
    """

    def __init__(
        self, problem: str, rows: list[tuple[str, str]], looks_like: str | None, expected: Any
    ) -> None:
        self.problem = problem
        self.rows = rows
        self.looks_like = looks_like
        self.expected = expected
        lines = [problem, *(f"{label}: {text}" for label, text in rows)]
        if looks_like:
            lines.append(f"looks like: {looks_like}")
        super().__init__("\n".join(lines))


def require(
    condition: bool,
    problem: str,
    *,
    returned: Any = None,
    expected: Any = None,
    looks_like: LooksLike | None = None,
) -> None:
    """Fail with `problem` unless `condition` holds.

    `returned` and `expected` are texts for the student or values to show. `looks_like` maps a
    mistake to whether its signs are there.
    """
    if condition:
        return
    rows = [
        (label, value if isinstance(value, str) else show(value))
        for label, value in (("returned", returned), ("expected", expected))
        if value is not None
    ]
    raise CheckFailed(problem, rows, _named(looks_like), expected)


def expect(value: Any, name: str) -> "Expectation":
    """Start judging `value`, a piece of evidence; `name` is what the student calls it."""
    return Expectation(value, name)


class Expectation:
    """Assertions on one piece of evidence. Each returns self, so that they chain."""

    def __init__(self, value: Any, name: str) -> None:
        self.value = value
        self.name = name

    def is_a(self, *kinds: str, looks_like: LooksLike | None = None) -> "Expectation":
        """The type is one of `kinds`: "Tensor", "ndarray", "int", "float", "list", "dict" …"""
        return self._must(
            _kind(self.value) in kinds,
            "wrong type",
            returned=_describe(self.value),
            expected=f"{self.name} as {' or '.join(_with_article(kind) for kind in kinds)}",
            looks_like=looks_like,
        )

    def has_shape(self, *sizes: int, looks_like: LooksLike | None = None) -> "Expectation":
        """An array of exactly this shape."""
        self._is_array()
        return self._must(
            self.value.shape == sizes,
            "wrong shape",
            returned=f"shape {shape(self.value)}",
            expected=f"shape [{', '.join(map(str, sizes))}] for {self.name}",
            looks_like=looks_like,
        )

    def has_dtype(self, *dtypes: str, looks_like: LooksLike | None = None) -> "Expectation":
        """An array of one of these dtypes."""
        self._is_array()
        return self._must(
            self.value.dtype.name in dtypes,
            "wrong dtype",
            returned=f"dtype {self.value.dtype.name}",
            expected=f"dtype {' or '.join(dtypes)} for {self.name}",
            looks_like=looks_like,
        )

    def is_finite(self, looks_like: LooksLike | None = None) -> "Expectation":
        """No NaN and no infinity."""
        self._must(
            isinstance(self.value, np.ndarray | int | float),
            "wrong type",
            returned=_describe(self.value),
            expected=f"numbers for {self.name}",
            looks_like=looks_like,
        )
        numbers = np.asarray(self.value, dtype="float64")
        bad = numbers[~np.isfinite(numbers)]
        return self._must(
            bad.size == 0,
            f"{show(bad[0])} in {self.name}" if bad.size else "",
            returned=self.value,
            expected="finite numbers",
            looks_like=looks_like,
        )

    def equals(
        self,
        expected: Any,
        *,
        tolerance: float = 1e-5,
        problem: str = "wrong value",
        looks_like: LooksLike | None = None,
    ) -> "Expectation":
        """The same kind of value, equal within `tolerance` (relative and absolute).

        `expected` may be an array, a number, text, None, or lists and dicts of these. Float dtypes
        count as one kind, integer dtypes as another. `looks_like` maps a mistake to the value
        that it would return, or to whether its signs are there. `problem` is for all but arrays.
        """
        if isinstance(expected, np.generic):
            expected = expected.item()
        mistake = self._mistake(looks_like or {}, expected, tolerance)
        if isinstance(expected, np.ndarray):
            return self._equals_array(expected, tolerance, mistake)
        if isinstance(expected, float):
            self.is_a("float", "int", looks_like=mistake)
            if math.isfinite(expected):
                self.is_finite(looks_like=mistake)
        else:
            self.is_a(_kind(expected), looks_like=mistake)
        note = f"   (tolerance {tolerance:g})" if isinstance(expected, float) else ""
        return self._must(
            _same(self.value, expected, tolerance),
            problem,
            returned=show(self.value),
            expected=show(expected) + note,
            looks_like=mistake,
        )

    def unchanged(
        self, before: Any, problem: str | None = None, looks_like: LooksLike | None = None
    ) -> "Expectation":
        """An array that was passed in is as it was `before` the call."""
        return self._must(
            np.array_equal(self.value, before),
            problem or f"{self.name} was changed",
            returned=self.value,
            expected=before,
            looks_like=looks_like,
        )

    def raises(
        self, error: str, naming: Any = None, looks_like: LooksLike | None = None
    ) -> "Expectation":
        """`attempt` saw an exception of class `error`, whose message contains `naming`.

        `looks_like` maps a mistake to whether what was returned instead shows its signs.
        """
        if "returned" in self.value:
            return self._must(
                False,
                "no error where one is needed",
                returned=show(self.value["returned"]),
                expected=f"{error} for {self.name}",
                looks_like=looks_like,
            )
        raised, message = self.value["raised"], self.value["message"]
        self._must(
            error in self.value["is_a"],
            "wrong kind of error",
            returned=f"{raised}: {message}",
            expected=f"{error} for {self.name}",
        )
        return self._must(
            naming is None or _names(message, str(naming)),
            "an error that does not name the value",
            returned=f"{raised}: {message}",
            expected=f"a message that contains {naming}",
        )

    def _must(self, condition: bool, problem: str, **rows: Any) -> "Expectation":
        require(condition, problem, **rows)
        return self

    def _is_array(self, looks_like: LooksLike | None = None) -> None:
        self._must(
            isinstance(self.value, np.ndarray),
            "wrong type",
            returned=_describe(self.value),
            expected=f"an array for {self.name}",
            looks_like=looks_like,
        )

    def _equals_array(
        self, expected: np.ndarray, tolerance: float, mistake: LooksLike
    ) -> "Expectation":
        self._is_array(looks_like=mistake)
        self.has_shape(*expected.shape, looks_like=mistake)
        self.has_dtype(*_dtypes_like(expected), looks_like=mistake)
        numeric = expected.dtype.kind == "f"
        if numeric and np.isfinite(expected).all():
            self.is_finite(looks_like=mistake)
        close = _close(self.value, expected, tolerance)
        if close.all():
            return self
        rows = [
            ("returned", show(self.value)),
            ("expected", show(expected) + (f"   (tolerance {tolerance:g})" if numeric else "")),
        ]
        if expected.ndim > 1 or expected.size > MOST_VALUES:
            rows.append(("differs", _first_difference(self.value, expected, close)))
        problem = "wrong values (shape and dtype are right)"
        raise CheckFailed(problem, rows, _named(mistake), expected)

    def _mistake(self, looks_like: LooksLike, expected: Any, tolerance: float) -> LooksLike:
        """Each mistake with whether its signs are there."""
        if isinstance(looks_like, str):
            return looks_like
        return {
            name: wrong
            if isinstance(wrong, bool | np.bool_) and not isinstance(expected, bool)
            else _same(self.value, wrong, tolerance)
            for name, wrong in looks_like.items()
        }


def _named(looks_like: LooksLike | None) -> str | None:
    """The first mistake whose signs are there."""
    if looks_like is None or isinstance(looks_like, str):
        return looks_like
    return next((mistake for mistake, is_it in looks_like.items() if is_it), None)


def _names(message: str, text: str) -> bool:
    """Whether `text` stands in the message, and not as a part of a longer number."""
    return re.search(rf"(?<!\d)(?<!\d\.){re.escape(text)}(?!\.?\d)", message) is not None


def _same(value: Any, expected: Any, tolerance: float) -> bool:
    """Equal, with floats compared within the tolerance, at any depth."""
    if isinstance(expected, np.ndarray):
        if not isinstance(value, np.ndarray) or value.shape != expected.shape:
            return False
        if "b" in (value.dtype.kind, expected.dtype.kind) and value.dtype != expected.dtype:
            return False
        return bool(_close(value, expected, tolerance).all())
    if isinstance(expected, Mapping):
        return (
            isinstance(value, Mapping)
            and list(value) == list(expected)
            and all(_same(value[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(value, list | tuple)
            and len(value) == len(expected)
            and all(
                _same(one, other, tolerance) for one, other in zip(value, expected, strict=True)
            )
        )
    if isinstance(expected, np.generic):
        expected = expected.item()
    if isinstance(expected, float):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and bool(_close(np.float64(value), np.float64(expected), tolerance))
    return type(value) is type(expected) and value == expected


def _close(
    value: np.ndarray | np.float64, expected: np.ndarray | np.float64, tolerance: float
) -> np.ndarray:
    if expected.dtype.kind == "f" or value.dtype.kind == "f":
        return np.isclose(value, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
    return np.asarray(value == expected)


def _first_difference(value: np.ndarray, expected: np.ndarray, close: np.ndarray) -> str:
    place = tuple(int(i) for i in np.argwhere(~close)[0])
    where = "[" + ", ".join(map(str, place)) + "]"
    return (
        f"{np.count_nonzero(~close)} of {close.size} values, first at {where}: "
        f"{show(value[place])} instead of {show(expected[place])}"
    )


def _dtypes_like(expected: np.ndarray) -> Iterable[str]:
    for family in (FLOATS, INTEGERS):
        if expected.dtype.name in family:
            return family
    return (expected.dtype.name,)


def _kind(value: Any) -> str:
    if isinstance(value, Array):
        return on_one_line(value.was)
    if isinstance(value, Unknown):
        return on_one_line(value.type)
    return type(value).__name__


def _describe(value: Any) -> str:
    if value is None:
        return "None: is there a return?"
    if isinstance(value, np.ndarray):
        return f"a {_kind(value)} of shape {shape(value)}"
    if isinstance(value, Unknown):
        return _with_article(value.type)
    return f"{_with_article(_kind(value))}: {show(value)}"


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0].lower() in "aeiou" else f"a {kind}"
