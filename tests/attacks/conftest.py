"""What the tests of attacks and accidents share: one grader, and what they expect of a record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from grading import manifest
from grading.batch.grade import grade
from grading.batch.records import Record
from grading.batch.submissions import Submission
from grading.checks import student
from grading.manifest import Course
from grading.sandbox import sandboxed
from grading.sandbox.sandboxed import Zygote
from tests.courses import ROOT

MODULE = Path("part1/neighbours.py")
HONEST = (ROOT / "tests" / "attacks" / "honest.py").read_text(encoding="utf-8")
RIGHT = (ROOT / "solutions" / MODULE).read_text(encoding="utf-8")
SEED = 7

HONEST_SCORE = 5
RIGHT_SCORE = 14
HONEST_STATES = {
    "1.1": "passed",
    "1.2": "not_started",
    "1.3": "not_started",
    "1.4": "passed",
    "1.5": "not_started",
    "1.6": "passed",
}


@dataclass(frozen=True)
class Grader:
    """A grader of part 1, whose process all submissions of these tests share.

    Attributes:
        fellow: the folder of a fellow student's submission; it lies beside the attacker's, and only
            the lock protects it.
    """

    course: Course
    zygote: Zygote
    fellow: Path

    def grade(self, submission: Submission) -> Record:
        return grade(self.course, submission, self.zygote, SEED)

    def grade_text(self, text: str) -> Record:
        """Grade a submission of one module with this text."""
        files = {MODULE: text.encode()}
        return self.grade(Submission("attacker", files, (), problem=None, submitted=None))


@contextmanager
def a_grader() -> Iterator[Grader]:
    course = manifest.load(ROOT)
    part1 = replace(course, parts=course.parts[:1])
    zygote = Zygote(part1)
    try:
        yield Grader(part1, zygote, open_to_all(zygote.folder / "submission-fellow"))
    finally:
        zygote.close()


@pytest.fixture(scope="session")
def of_all_tests() -> Iterator[Grader]:
    with a_grader() as grader:
        yield grader


@pytest.fixture
def grader(of_all_tests: Grader, monkeypatch: pytest.MonkeyPatch) -> Grader:
    """With less patience and space than in earnest, so that what has no end is stopped soon."""
    monkeypatch.setattr(student, "TIME_LIMIT", 0.5)
    monkeypatch.setattr(student, "SHORT_TIME_LIMIT", 0.2)
    monkeypatch.setattr(sandboxed, "GRACE", 0.2)
    monkeypatch.setattr(sandboxed, "MOST_WRITTEN", 32 << 20)
    monkeypatch.setattr(sandboxed, "MOST_FILES", 500)
    return of_all_tests


def open_to_all(folder: Path) -> Path:
    """A right submission in a folder that anybody may write."""
    file = folder / MODULE
    file.parent.mkdir(parents=True)
    file.write_text(RIGHT, encoding="utf-8")
    for path, mode in ((folder, 0o777), (file.parent, 0o777), (file, 0o666)):
        path.chmod(mode)
    return folder


def expect_record(
    record: Record,
    score: int,
    states: Mapping[str, str] | str,
    says: str | None = None,
    reason: str | None = None,
) -> None:
    """Graded in full, with these points and states, and `says` reported for one of these tasks.

    Args:
        states: of those tasks whose states differ from those of honest.py alone, or of all tasks.
        reason: words in the reason for which the record is incomplete instead.
    """
    assert record.status == ("complete" if reason is None else "incomplete"), record.reason
    assert (reason or "") in (record.reason or "")
    if isinstance(states, str):
        states = dict.fromkeys(HONEST_STATES, states)
    found = {task.id: task.state for task in record.tasks}
    assert (found, record.score) == (HONEST_STATES | states, score)
    if says is not None:
        told = "\n".join(task.message for task in record.tasks if task.id in states)
        assert says in told
