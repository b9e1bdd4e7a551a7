"""Write all reports on a class into the folder of its grades."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from grading.backup import write_whole
from grading.batch.adjustments import Rules
from grading.batch.records import Record, file_name
from grading.batch.roster import NOBODY, Student
from grading.manifest import Course
from grading.reports.feedback import feedback_html
from grading.reports.grades import grades_csv
from grading.reports.items import analysis, analysis_csv
from grading.reports.overview import overview_html


def write_reports(
    course: Course,
    out: Path,
    kept: Sequence[Record],
    rules: Rules,
    roster: Mapping[str, Student] = NOBODY,
    seconds: float | None = None,
) -> None:
    """Write grades.csv, analysis.csv, index.html and feedback/ from the records.

    Names, sections and groups are from the roster.
    """
    adjustments = rules.adjustments
    grades = {record.student_id: rules.grade(record) for record in kept}
    in_order = list(grades.values())
    fresh = out / ".feedback.part"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for record in kept:
        grade, student = grades[record.student_id], roster.get(record.student_id)
        page = feedback_html(course, record, grade, student, adjustments)
        path = fresh / f"{file_name(record.student_id)}.html"
        path.write_text(page, encoding="utf-8")
    shutil.rmtree(out / "feedback", ignore_errors=True)
    fresh.replace(out / "feedback")
    write_whole(out / "grades.csv", grades_csv(kept, in_order, roster, adjustments))
    found = analysis(record for record in kept if record.copy_of is None)
    write_whole(out / "analysis.csv", analysis_csv(found))
    overview = overview_html(course, kept, in_order, found, roster, adjustments, seconds)
    write_whole(out / "index.html", overview)
