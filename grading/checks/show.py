"""Values as a student reads them: short, and at most five numbers."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

MOST_VALUES = 5
MOST_CHARACTERS = 72
MOST_OF_A_TEXT = 300  # characters, of a message or a line of code


def show(value: Any) -> str:
    """One line for any plain value; long ones are truncated and say how long they are."""
    return _show(value, _Room())


def on_one_line(text: str) -> str:
    """The text without line breaks, truncated to `MOST_OF_A_TEXT` characters."""
    text = " ".join(text[: 10 * MOST_OF_A_TEXT].split())
    return text if len(text) <= MOST_OF_A_TEXT else text[:MOST_OF_A_TEXT] + "…"


class _Room:
    """How many more values fit into the line, however deep they lie."""

    def __init__(self) -> None:
        self.left = MOST_VALUES


def _show(value: Any, room: _Room) -> str:
    if isinstance(value, np.ndarray):
        room.left -= min(value.size, MOST_VALUES)
        return _array(value)
    if isinstance(value, Mapping):
        items = _fit(value.items(), lambda item: f"{_leaf(item[0])}: {_show(item[1], room)}", room)
        return "{" + _joined(items, len(value)) + "}"
    if isinstance(value, set | frozenset):
        items = _fit(sorted(value), lambda item: _show(item, room), room)
        return "{" + _joined(items, len(value)) + "}"
    if isinstance(value, list | tuple):
        items = _fit(value, lambda item: _show(item, room), room)
        return "[" + _joined(items, len(value)) + "]"
    room.left -= 1
    return _leaf(value)


def _fit(items: Iterable, show_one: Callable[[Any], str], room: _Room) -> list[str]:
    shown = []
    for item in items:
        if room.left <= 0:
            break
        shown.append(show_one(item))
    return shown


def _leaf(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return repr(value if len(value) <= MOST_CHARACTERS else value[:MOST_CHARACTERS] + "…")
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
