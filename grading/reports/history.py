"""The history of a class: each run that graded somebody or changed a grade, as file and page."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grading.backup import write_whole
from grading.batch.adjustments import Rules, adjusted, given
from grading.batch.records import Record
from grading.batch.run import Change, changed_checks
from grading.errors import UsageError
from grading.manifest import Course
from grading.reports.feedback import page
from grading.reports.overview import feedback_link

FILE = "history.jsonl"  # in the folder of grades: a line of JSON for each run
PAGE = "history.html"  # there, too


@dataclass(frozen=True)
class Standing:
    """What counts for a student: points without the bonus, percent, and what was decided by hand,
    by task or check."""

    score: int
    max_score: int
    final: float
    overrides: Mapping[str, str]


@dataclass(frozen=True)
class StudentChange:
    """What a run changed for a student.

    Attributes:
        before: None for who was graded for the first time.
        what: what else changed, in words.
    """

    student: str
    before: Standing | None
    after: Standing
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class PastRun:
    """A run.

    Attributes:
        time: when grading was done, ISO 8601 with time zone.
        graded, again: how many submissions were graded, and how many of them not for the first
            time.
        causes: what else than the submissions differed from the run before, in words.
    """

    time: str
    graded: int
    again: int
    causes: tuple[str, ...]
    students: tuple[StudentChange, ...]

    @property
    def new(self) -> list[StudentChange]:
        return [one for one in self.students if one.before is None]

    @property
    def changed(self) -> list[StudentChange]:
        return [one for one in self.students if one.before is not None]

    @property
    def gains(self) -> list[float]:
        """By how much grades went up or, if negative, down."""
        return [one.after.final - one.before.final for one in self.students if one.before]

    @property
    def common(self) -> list[tuple[str, int]]:
        """What changed for more than one student, the most frequent first."""
        counted = Counter(text for one in self.students for text in one.what)
        return [(text, count) for text, count in counted.most_common() if count > 1]


def read(out: Path) -> list[PastRun]:
    """The runs so far, in order.

    Raises:
        UsageError: a line of the file is no run.
    """
    path = out / FILE
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(_run(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}, line {number}, is not a run that can be read ({error!r}); move the file "
                "away to begin a new history"
            ) from error
    return found


def write(course: Course, out: Path, runs: Sequence[PastRun]) -> None:
    """Write the page, and the file unless it would be empty."""
    if runs:
        write_whole(out / FILE, "".join(json.dumps(asdict(run)) + "\n" for run in runs))
    write_whole(out / PAGE, history_html(course, runs))


def with_run(
    past: Sequence[PastRun],
    earlier: Mapping[str, Record],
    graded: Mapping[str, Record],
    before: Rules,
    after: Rules,
) -> list[PastRun]:
    """The history with what was just done, if that graded somebody or changed a grade.

    Where the history knows how a student stood, that is what a change is measured by: it holds
    even if an earlier run was killed or a file was edited in the folder of grades.

    Args:
        earlier, graded: records before this run, and those that it wrote, by student.
        before, after: the policy and the adjustments.
    """
    known = {one.student: one.after for run in past for one in run.students}
    students = []
    for student, record in sorted({**earlier, **graded}.items()):
        first = earlier.get(student)
        was = known.get(student) or (standing(first, before) if first else None)
        one = _change(student, Change(first or record, record), was, standing(record, after))
        if one.before != one.after or one.what:
            students.append(one)
    if not graded and not students:
        return list(past)
    again = [student for student in graded if student in earlier]
    causes = ["other checks"] * any(
        earlier[student].checks_sha256 != graded[student].checks_sha256 for student in again
    )
    causes += ["another policy"] * (bool(earlier) and before.policy != after.policy)
    causes += ["other adjustments"] * (bool(earlier) and before.adjustments != after.adjustments)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [*past, PastRun(now, len(graded), len(again), tuple(causes), tuple(students))]


def standing(record: Record, rules: Rules) -> Standing:
    counted = adjusted(record, rules.adjustments)
    overrides = {
        one.override.what: f"{one.override.points} of {one.max_score} points "
        f"({one.override.reason})"
        for one in given(record, rules.adjustments)
    }
    final = round(rules.grade(record).final, 2)
    return Standing(counted.score, counted.max_score, final, overrides)


def history_html(course: Course, runs: Sequence[PastRun]) -> str:
    """The page with all runs, the latest first; links lead to `feedback/`."""
    return page("history.html.j2", course=course, runs=runs[::-1], link=feedback_link)


def _change(student: str, records: Change, was: Standing | None, now: Standing) -> StudentChange:
    if was is None:
        return StudentChange(student, None, now)
    what = list(changed_checks(records))
    if records.before.submission_sha256 != records.after.submission_sha256:
        what = ["another submission", *what]
    if (status := records.after.status) != records.before.status:
        reason = records.after.reason
        what.append(f"{status}: {reason}" if reason else status)
    for thing in {**was.overrides, **now.overrides}:
        old, new = was.overrides.get(thing), now.overrides.get(thing)
        if old != new:
            what.append(f"by hand: {thing}: {new or 'no longer'}")
    if was.final != now.final and was.score == now.score and was.max_score == now.max_score:
        what.append("the policy, or the time of submission")
    return StudentChange(student, was, now, tuple(what))


def _run(plain: dict[str, Any]) -> PastRun:
    students = (
        StudentChange(
            one["student"],
            Standing(**one["before"]) if one["before"] else None,
            Standing(**one["after"]),
            tuple(one["what"]),
        )
        for one in plain["students"]
    )
    return PastRun(**{**plain, "causes": tuple(plain["causes"]), "students": tuple(students)})
