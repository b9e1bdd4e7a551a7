"""The grades of a class as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from grading.batch.records import Record, points_by_part
from grading.reports.feedback import clean

if TYPE_CHECKING:
    from grading.batch.policy import Grade

# a spreadsheet takes a cell that begins so for a formula, and runs it
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def grades_csv(records: Sequence[Record], grades: Iterable["Grade"]) -> str:
    """One line a student, in the order of the records; parts by their number.

    What depends on a grade is left empty for a record without one.
    """
    by_student = {grade.student_id: grade for grade in grades}
    points = [points_by_part(record) for record in records]
    parts = sorted({part for of_one in points for part in of_one})
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n")
    write.writerow(
        ["student_id", "status", "reason", "score", "max_score"]
        + [f"part{part}" for part in parts]
        + ["late_days", "penalty_percent", "final_percent", "submitted", "warnings"]
    )
    for record, of_one in zip(records, points, strict=True):
        grade = by_student.get(record.student_id)
        write.writerow(
            [
                harmless(record.student_id),
                harmless(record.status),
                harmless(record.reason or ""),
                record.score,
                record.max_score,
                *(of_one.get(part, ("", ""))[0] for part in parts),
                grade.late_days if grade else "",
                round(grade.penalty, 2) if grade else "",
                round(grade.final, 2) if grade else "",
                harmless(record.submitted or ""),
                len(record.warnings),
            ]
        )
    return file.getvalue()


def harmless(text: str) -> str:
    """The text as one that no spreadsheet takes for a formula."""
    shown = clean(text)
    begins_like_one = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(
        FORMULA_STARTS
    )
    return f"'{shown}" if begins_like_one else shown
