"""Measured values for figures, stored next to them, so that drawing needs no data and no model."""

import json
from functools import cache
from pathlib import Path
from typing import Any

CURVES = Path(__file__).with_name("curves.json")
NUMBERS = Path(__file__).parents[2] / "exercises" / "numbers.json"


def curve(name: str) -> Any:
    """A curve as a group of `authoring.measurements` gave it."""
    return _read(CURVES)[name]


def number(name: str) -> float:
    """A number of the lessons."""
    return float(_read(NUMBERS)["numbers"][name]["value"])


def spread(name: str) -> float:
    """Its standard deviation over the seeds; 0 if it was measured once."""
    return float(_read(NUMBERS)["numbers"][name]["spread"] or 0)


@cache
def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
