"""Moodle: fill in an assignment's offline grading worksheet."""

import html
import math
import re
from collections.abc import Mapping

from grading.batch.adjustments import NO_ADJUSTMENTS, Adjustments, adjusted, given
from grading.batch.records import Record, bonus
from grading.errors import UsageError
from grading.exports.filling import Filled, fill_in
from grading.exports.table import Row, as_number, number, parse
from grading.spreadsheets import FORMULA_STARTS

ID_COLUMNS = ("ID number", "Email address", "Username", "Identifier", "Participant")
GRADE = "Grade"
FEEDBACK = "Feedback comments"
MAXIMUM = "Maximum grade"
CAN_CHANGE = "Grade can be changed"
MODIFIED = "Last modified (grade)"
# such as the rest of "&lt;=", which a spreadsheet may take for a formula in the next cell
LIKE_A_FORMULA = re.compile(rf"(?<=;)[\s\"'{FORMULA_STARTS}]*[{FORMULA_STARTS}]")


def fill(
    exported: str,
    scores: Mapping[str, float],
    feedback: Mapping[str, str] | None = None,
    platform_ids: Mapping[str, str] | None = None,
) -> Filled:
    """Write scores, and any feedback, into the students' rows.

    Args:
        exported: the text of the file, with its original line endings.
        scores: by student id, which is the ID number, the e-mail address, the user name or the
            whole identifier, such as "Participant 123"; case-sensitive.
        feedback: by student id, in HTML, see `short_feedback`.
        platform_ids: the Moodle identifier of students whose student id differs from it.

    Raises:
        UsageError: a column or a student is missing or ambiguous, or no graded student is in the
            file.
    """
    table = parse(exported)
    place = table.column(GRADE)
    if place is None:
        raise UsageError(
            f'the file has no column "{GRADE}"; it has {table.columns()}. '
            "Set Moodle to English and export the grading worksheet of the assignment"
        )
    if not any(name in table.header for name in ID_COLUMNS):
        known = ", ".join(f'"{name}"' for name in ID_COLUMNS)
        raise UsageError(
            f"the file has none of the columns that say who a student is ({known}); "
            f"it has {table.columns()}"
        )
    comments = table.column(FEEDBACK)
    maximum, can_change = table.column(MAXIMUM), table.column(CAN_CHANGE)
    warnings = []
    if comments is None:
        warnings.append(f'the file has no column "{FEEDBACK}", so no feedback is filled in')
    if "Identifier" in table.header and MODIFIED not in table.header:
        warnings.append(f'the file has no column "{MODIFIED}"; Moodle refuses such a worksheet')
    limits = [] if maximum is None else [as_number(row.value(maximum)) for row in table.rows]
    limit = max((value for value in limits if value is not None), default=math.inf)
    if (highest := max(scores.values(), default=0)) > limit:
        warnings.append(
            f"the maximum grade is {number(limit)}, but the scores go up to {number(highest)}; "
            "set it in Moodle or scale the scores"
        )

    def locked(row: Row) -> str | None:
        said = can_change is not None and row.value(can_change).casefold() == "no"
        return f'has "No" under "{CAN_CHANGE}"; that row is left alone' if said else None

    values = {student: {place: number(score)} for student, score in scores.items()}
    if comments is not None:
        for student in values.keys() & (feedback or {}).keys():
            values[student][comments] = (feedback or {})[student]
    return fill_in(table, ID_COLUMNS, values, locked, warnings, platform_ids)


def short_feedback(
    record: Record, score: float | None = None, adjustments: Adjustments = NO_ADJUSTMENTS
) -> str:
    """One paragraph for `Feedback comments`: the score, the unsolved tasks, and what the instructor
    changed and said.

    Moodle reads it as HTML, so text that a student's code influenced is escaped.

    Args:
        score: if it differs from the record's, because of lateness or weights.
    """
    mine = adjustments.of(record.student_id)
    changes = [one for one in given(record, mine) if one.override.points != one.earned]
    record = adjusted(record, mine)
    points = number(record.score if score is None else score)
    said = [f"{points} of {record.max_score} points."]
    of_bonus, max_bonus = bonus(record)
    if max_bonus:
        said.append(f"Bonus: {of_bonus} of {max_bonus} points.")
    if record.reason:
        said.append(f"{record.reason.rstrip('.')}.")
    unsolved = [task for task in record.tasks if task.state not in ("passed", "not_started")]
    not_started = [
        task.id for task in record.tasks if task.state == "not_started" and not task.bonus
    ]
    if unsolved:
        said.append("Unsolved: " + "; ".join(task.headline for task in unsolved) + ".")
    if not_started:
        said.append("Not started: " + ", ".join(not_started) + ".")
    if record.tasks and not unsolved and not not_started:
        said.append("Every task is solved.")
    said += [
        f"Your instructor changed {one.words}. {one.override.reason.rstrip('.')}."
        for one in changes
    ]
    said += [
        f"Your instructor on {one.task}: {one.text}" if one.task else f"Your instructor: {one.text}"
        for one in mine.comments
    ]
    escaped = html.escape(" ".join(said), quote=False).replace("\n", "<br>")
    return LIKE_A_FORMULA.sub(lambda found: "".join(f"&#{ord(c)};" for c in found[0]), escaped)
