"""The grades of a class as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from grading.batch.adjustments import NO_ADJUSTMENTS, Adjustments, adjusted, given
from grading.batch.records import Record, bonus, points_by_part
from grading.batch.roster import NOBODY, Student, said
from grading.reports.feedback import cell

if TYPE_CHECKING:
    from grading.batch.policy import Grade


def grades_csv(
    records: Sequence[Record],
    grades: Iterable["Grade"],
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
    unknown = Student("")
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n")
    write.writerow(
        ["student_id", *columns, "status", "reason", "score", "max_score", "bonus"]
        + [f"part{part}" for part in parts]
        + ["late_days", "slip_days", "penalty_percent", "final_percent"]
        + ["submitted", "submitted_by", "warnings", "note", "overrides", "comments"]
    )
    for earned, record, of_one in zip(records, counted, points, strict=True):
        mine = adjustments.of(record.student_id)
        changes = [f"{one.words} ({one.override.reason})" for one in given(earned, mine)]
        comments = [f"{one.task}: {one.text}" if one.task else one.text for one in mine.comments]
        grade = by_student.get(record.student_id)
        write.writerow(
            [
                cell(record.student_id),
                *(cell(getattr(roster.get(record.student_id, unknown), name)) for name in columns),
                cell(record.status),
                cell(record.reason or ""),
                record.score,
                record.max_score,
                bonus(record)[0],
                *(of_one.get(part, ("", ""))[0] for part in parts),
                grade.late_days if grade else "",
                grade.slip_days[0] if grade else "",
                round(grade.penalty, 2) if grade else "",
                round(grade.final, 2) if grade else "",
                cell(record.submitted or ""),
                cell(_submitted_by(record)),
                len(record.warnings),
                cell(grade.note or "") if grade else "",
                _in_one_line(changes),
                _in_one_line(comments),
            ]
        )
    return file.getvalue()


def _in_one_line(texts: Iterable[str]) -> str:
    return cell("; ".join(" ".join(text.split()) for text in texts))


def _submitted_by(record: Record) -> str:
    """The source of the submission time or of the mark "late"."""
    by = record.submitted_by or ""
    return (
        by if record.marked_late is None else f"{by}, {'late' if record.marked_late else 'in time'}"
    )
