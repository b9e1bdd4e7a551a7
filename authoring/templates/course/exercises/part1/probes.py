"""Probes of part 1: they run next to the student's code and return observations."""

from types import ModuleType
from typing import Any


def count_words(module: ModuleType, text: str) -> Any:
    """count_words({text})"""
    return module.count_words(text)


def most_frequent(module: ModuleType, counts: dict[str, int], n: int) -> Any:
    """most_frequent({counts}, n={n})"""
    return module.most_frequent(counts, n)
