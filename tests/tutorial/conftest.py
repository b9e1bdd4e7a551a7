"""What the tests of the tutorial share: a little data, one thread."""

from pathlib import Path

import pytest

from data import MovieLens
from data.movielens import open_folder


@pytest.fixture(scope="module", autouse=True)
def always(one_thread: None) -> None:
    """Every test has one thread."""


@pytest.fixture(scope="session")
def movielens(data_folder: Path) -> MovieLens:
    return open_folder(data_folder, "a test")
