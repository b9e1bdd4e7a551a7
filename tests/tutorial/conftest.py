"""What the tests of the tutorial share: the reference's code, a little data, one thread."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from data import MovieLens
from data.movielens import open_folder
from grading.manifest import Course
from tutorial.code import DeepCode, load_deep_code


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Tables are too small for two threads, which wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def code(course: Course) -> DeepCode:
    """The reference solutions."""
    return load_deep_code(course, course.solutions)


@pytest.fixture(scope="session")
def movielens(data_folder: Path) -> MovieLens:
    return open_folder(data_folder, "a test")
