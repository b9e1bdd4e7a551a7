"""Values as a student reads them: short, and at most five numbers."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

MOST_VALUES = 5
MOST_CHARACTERS = 72


def show(value: Any) -> str:
    """One line for any plain value; long ones are cut and say how long they are."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return show(value.item())
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return repr(value if len(value) <= MOST_CHARACTERS else value[:MOST_CHARACTERS] + "…")
    if isinstance(value, Mapping):
        items = [f"{show(key)}: {show(item)}" for key, item in list(value.items())[:MOST_VALUES]]
        return "{" + _joined(items, len(value)) + "}"
    if isinstance(value, set | frozenset):
        items = [show(item) for item in sorted(value)[:MOST_VALUES]]
        return "{" + _joined(items, len(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + _joined([show(item) for item in value[:MOST_VALUES]], len(value)) + "]"
    return repr(value)


def shape(value: np.ndarray) -> str:
    """A shape as [rows, columns], the way the course writes it."""
    return "[" + ", ".join(str(n) for n in value.shape) + "]"


def _array(array: np.ndarray) -> str:
    if array.ndim == 0:
        return show(array.item())
    if array.ndim == 1:
        return "[" + _joined([show(x) for x in array[:MOST_VALUES].tolist()], len(array)) + "]"
    if array.size <= MOST_VALUES:
        return "[" + ", ".join(_array(row) for row in array) + "]"
    first = ", ".join(show(x) for x in array.ravel()[:MOST_VALUES].tolist())
    return f"array {shape(array)} that begins {first}, …"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:.5g}" if abs(value) < 1e5 else f"{value:.8g}"


def _joined(items: list[str], total: int) -> str:
    if total > len(items):
        items = [*items, f"… {total} in all"]
    return ", ".join(items)
