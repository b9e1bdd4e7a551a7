"""A class goes round with nbgrader, and its broken notebook stops nobody."""

import re

import pytest
from rich.console import Console

pytest.importorskip("nbgrader")

from benchmarks.nbgrader_round import BROKEN, Graded, play
from grading import manifest
from tests.courses import ROOT

pytestmark = pytest.mark.slow

PART = 1  # without torch; `python -m benchmarks.nbgrader_round` plays all of them


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """By student."""
    folder = tmp_path_factory.mktemp("round")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o711)  # workers have users of their own
    course = manifest.load(ROOT)
    found = play(course, course.part(PART), folder, Console(quiet=True), ["partly-right"])
    return {one.student: one for one in found}


def test_the_gradebook_has_the_scores_of_record(played: dict[str, Graded]) -> None:
    assert {name: (one.record, one.gradebook) for name, one in played.items()} == {
        "right": (14, 14),
        "partly-right": (13, 13),
        BROKEN: (0, 0),
    }


def test_plain_autograde_gives_honest_work_the_same_points(played: dict[str, Graded]) -> None:
    assert played["partly-right"].autograde == 13


def test_everybody_fetches_a_page_about_this_part(played: dict[str, Graded]) -> None:
    for name, one in played.items():
        assert f"Feedback for <bdi>{name}</bdi>" in one.page
        assert f"{one.record} of 14 points" in one.page
        assert re.findall(r"<h2>Part (\d)", one.page) == [str(PART)]


def test_nothing_but_the_broken_notebook_is_noticed(played: dict[str, Graded]) -> None:
    assert [one.fault for one in played.values() if one.fault] == []
    assert "part1.ipynb is damaged" in played[BROKEN].page
    assert "noticed about your files" not in played["right"].page
