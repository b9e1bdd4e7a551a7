"""The grades of a class as a table for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence

from grading.batch.adjustments import NO_ADJUSTMENTS, Adjustments, adjusted, given
from grading.batch.policy import Grade
from grading.batch.records import Record, bonus, points_by_part
from grading.batch.roster import NOBODY, Student, said
from grading.reports.feedback import table


def grades_csv(
    records: Sequence[Record],
    grades: Iterable[Grade],
    roster: Mapping[str, Student] = NOBODY,
    adjustments: Adjustments = NO_ADJUSTMENTS,
) -> str:
    """One line per student, in the order of the records; parts by number.

    The bonus is not in the score; whether it is in the final percentage is up to the policy.

    Columns that depend on a grade are empty for a record without one. There is a column for the
    name, section and group if the roster says any.
    """
    by_student = {grade.student_id: grade for grade in grades}
    counted = [adjusted(record, adjustments) for record in records]
    points = [points_by_part(record) for record in counted]
    parts = sorted({part for of_one in points for part in of_one})
    columns = said(roster)
    heading = (
        *("student_id", *columns, "status", "reason", "score", "max_score", "bonus"),
        *(f"part{part}" for part in parts),
        *("late_days", "slip_days", "penalty_percent", "final_percent"),
        *("submitted", "submitted_by", "warnings", "note", "overrides", "comments"),
    )
    rows = []
    for earned, record, of_one in zip(records, counted, points, strict=True):
        student = roster.get(record.student_id, Student(""))
        grade = by_student.get(record.student_id)
        of_grade: tuple[float | None, ...] = (None,) * 4
        if grade is not None:
            percents = (round(percent, 2) for percent in (grade.penalty, grade.final))
            of_grade = (grade.late_days, grade.slip_days[0], *percents)
        mine = adjustments.of(record.student_id)
        changes = [f"{one.words} ({one.override.reason})" for one in given(earned, mine)]
        comments = [f"{one.task}: {one.text}" if one.task else one.text for one in mine.comments]
        rows.append(
            (
                *(record.student_id, *(getattr(student, name) for name in columns)),
                *(record.status, record.reason, record.score, record.max_score, bonus(record)[0]),
                *(of_one[part][0] if part in of_one else None for part in parts),
                *of_grade,
                *(record.submitted, _submitted_by(record), len(record.warnings)),
                *(grade and grade.note, _in_one_line(changes), _in_one_line(comments)),
            )
        )
    return table([heading, *rows])


def _in_one_line(texts: Iterable[str]) -> str:
    return "; ".join(" ".join(text.split()) for text in texts)


def _submitted_by(record: Record) -> str:
    """The source of the submission time or of the mark "late"."""
    mark = {None: "", True: ", late", False: ", in time"}[record.marked_late]
    return f"{record.submitted_by or ''}{mark}"
