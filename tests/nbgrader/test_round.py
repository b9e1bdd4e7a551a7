"""A class of notebooks of every kind goes through nbgrader; nobody stops another."""

import shutil
from pathlib import Path

import pytest
from rich.console import Console

pytest.importorskip("nbgrader")

from benchmarks.nbgrader_round import SET_ASIDE, Graded, play
from benchmarks.watch import working_copy
from grading import manifest

PART = 1  # without torch; `python -m benchmarks.nbgrader_round` plays all six


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """By kind of work."""
    folder = tmp_path_factory.mktemp("round")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o711)  # workers have users of their own
    copied = manifest.load(working_copy(manifest.load(Path(__file__).parents[2]), folder))
    found = play(copied, [PART], Console(quiet=True))
    shutil.rmtree(copied.root)
    return {one.kind: one for one in found}


def test_everybody_is_graded_with_the_points_of_course_grade(played: dict[str, Graded]) -> None:
    assert len(played) == 13
    assert {one.kind: one.fault for one in played.values() if one.fault} == {}


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("right", 16),
        ("stub", 0),
        ("partly right", 14),
        ("wrong", 14),
        ("duplicated cell", 16),
        ("deleted test cell", 16),
        ("edited test cell", 0),
        (SET_ASIDE, None),
        ("infinite loop", 14),
        ("sys.exit", 14),
        ("noisy stderr", 16),
        ("oversized output", 16),
    ],
)
def test_points(played: dict[str, Graded], kind: str, points: float | None) -> None:
    assert played[kind].nbgrader == points


def test_what_students_get_shows_the_figures(played: dict[str, Graded]) -> None:
    assert played["right"].figures == played["wrong"].figures > 3
