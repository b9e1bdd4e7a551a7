"""Run the checks of one part in this process and return their outcomes."""

from pathlib import Path

import pytest

from grading.feedback.plugin import recorded
from grading.feedback.results import Outcome
from grading.manifest import Course, Part


class Recorder:
    """A pytest plugin that keeps the outcome of each check."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = recorded(report)
        if outcome is not None:
            self.outcomes.append(outcome)


def run_checks(course: Course, part: Part, submission: Path, seed: int = 0) -> list[Outcome]:
    """The outcomes of the checks of `part` on a module or a folder of parts, in order.

    Prints nothing. Loads the student's code into this process.
    """
    recorder = Recorder()
    arguments = [
        str(course.exercises / part.folder / f"test_{part.folder}.py"),
        f"--submission={submission}",
        f"--seed={seed}",
        f"--rootdir={course.root}",
        "-pno:terminal",
        "-pno:cacheprovider",
        "-pno:logging",  # it sets up every logger anew for each check
    ]
    status = pytest.main(arguments, plugins=[recorder])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest could not run the checks of {part.folder}: {status!r}")
    return recorder.outcomes
