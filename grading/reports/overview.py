"""The instructor's overview of a class."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from urllib.parse import quote

from grading.batch.adjustments import NO_ADJUSTMENTS, Adjustments, Comment, Given, adjusted, given
from grading.batch.policy import Grade
from grading.batch.records import NOT_GRADED, Record, bonus, file_name, points_by_part
from grading.batch.roster import NOBODY, Student, said
from grading.manifest import Course
from grading.reports.feedback import page
from grading.reports.items import Analysis
from grading.reports.statistics import RESULTS, distribution, task_figures
from grading.states import SHOWN

MOST_SLOW = 5  # submissions in the list of the slowest


@dataclass(frozen=True)
class StudentRow:
    """One row of the table of students, with the points that count."""

    record: Record
    grade: Grade | None
    parts: dict[int, tuple[int, int]]
    bonus: tuple[int, int]
    link: str
    student: Student
    given: tuple[Given, ...]
    comments: tuple[Comment, ...]

    @property
    def has_note(self) -> bool:
        """Whether a teacher should look at the note, which slip days are no reason for."""
        if self.grade is None or self.record.status != "complete":
            return False
        return self.grade.note not in (None, self.grade.slips)


@dataclass(frozen=True)
class Section:
    """How a section did.

    Attributes:
        students, graded: how many there are, and how many handed in what could be graded.
        percent: the mean final percentage of these; None if there are none.
    """

    name: str
    students: int
    graded: int
    percent: float | None


def overview_html(
    course: Course,
    records: Sequence[Record],
    grades: Iterable[Grade],
    found: Analysis,
    roster: Mapping[str, Student] = NOBODY,
    adjustments: Adjustments = NO_ADJUSTMENTS,
    seconds: float | None = None,
) -> str:
    """The page about a class, self-contained except for links to `feedback/` and the history.

    The figures of tasks and checks are about what was earned, rows about what counts.

    Args:
        seconds: how long the run took.
    """
    by_student = {grade.student_id: grade for grade in grades}
    everybody = [
        _row(
            record,
            by_student.get(record.student_id),
            roster.get(record.student_id, Student(record.student_id)),
            adjustments,
        )
        for record in records
    ]
    rows = [row for row in everybody if row.record.status != "missing"]
    works = [row for row in rows if row.record.copy_of is None]  # each group's once
    graded = [row for row in works if row.record.status not in NOT_GRADED]
    finals = [row.grade.final for row in rows if row.grade and row.record.status not in NOT_GRADED]
    earned = {record.student_id: record for record in records}
    tasks = task_figures(earned[row.record.student_id] for row in graded)
    return page(
        "overview.html.j2",
        course=course,
        seconds=seconds,
        rows=rows,
        works=works,
        everybody=everybody,
        nothing=[row for row in everybody if row.record.status == "missing"],
        sections=_sections(everybody),
        said=said(roster),
        columns=[name for name in said(roster) if name != "name"],
        graded=graded,
        tasks=tasks,
        results=RESULTS,
        items=found.items,
        notable=found.notable,
        alpha=found.alpha,
        states=_in_order({state for task in tasks for state in task.states}),
        with_bonus=any(row.bonus[1] for row in rows),
        part_numbers=sorted({part for row in rows for part in row.parts}),
        distribution=distribution(finals),
        by_hand=[row for row in everybody if row.given or row.comments],
        noted=[row for row in rows if row.has_note],
        slowest=sorted(works, key=lambda row: -row.record.seconds)[:MOST_SLOW],
        started=min((row.record.started for row in rows), default=None),
        seeds=list(dict.fromkeys(row.record.seed for row in rows)),
        checks=list(dict.fromkeys(row.record.checks_sha256 for row in rows)),
        sandboxes=Counter(row.record.sandbox for row in graded).most_common(),
        unprotected=[row for row in rows if row.record.sandbox.startswith("unsafe")],
    )


def feedback_link(student_id: str) -> str:
    """The link from the overview to a student's page, for any id."""
    return f"feedback/{quote(file_name(student_id), safe='')}.html"


def _row(
    record: Record, grade: Grade | None, student: Student, adjustments: Adjustments
) -> StudentRow:
    mine, link = adjustments.of(record.student_id), feedback_link(record.student_id)
    counted = adjusted(record, mine)
    return StudentRow(
        counted,
        grade,
        points_by_part(counted),
        bonus(counted),
        link,
        student,
        given(record, mine),
        mine.comments,
    )


def _sections(rows: Sequence[StudentRow]) -> list[Section]:
    """By name; students without one come last, and there are none if nobody has one."""
    names = {row.student.section for row in rows}
    found = []
    for name in sorted(names, key=lambda name: (not name, name)) if any(names) else ():
        students = [row for row in rows if row.student.section == name]
        finals = [
            row.grade.final
            for row in students
            if row.grade is not None and row.record.status not in NOT_GRADED
        ]
        mean = fmean(finals) if finals else None
        found.append(Section(name or "no section", len(students), len(finals), mean))
    return found


def _in_order(states: Iterable[str]) -> list[str]:
    """The usual order; unknown ones come last."""
    order = list(SHOWN)
    return sorted(states, key=lambda state: (order.index(state) if state in SHOWN else 99, state))
