"""Canvas: fill in the gradebook's CSV, exported from Canvas, for import there."""

import re
from collections.abc import Mapping

from grading.errors import UsageError
from grading.exports.filling import Filled, fill_in
from grading.exports.table import Row, Table, as_number, number, parse

NEEDED = ("ID", "Section")
ID_COLUMNS = ("ID", "SIS User ID", "SIS Login ID")
ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)", re.DOTALL)
EXCUSED = "EX"


def fill(
    exported: str,
    column: str,
    scores: Mapping[str, float],
    platform_ids: Mapping[str, str] | None = None,
) -> Filled:
    """Write scores into the column of one assignment.

    Args:
        exported: the text of the file, with its original line endings.
        column: the column's whole header, the assignment's title, or its id number in Canvas.
        scores: by student id, which is the ID, the SIS User ID or the SIS Login ID.
        platform_ids: the Canvas ID of students whose student id differs from it.

    Raises:
        UsageError: the file is not a Canvas gradebook, the column or a student is ambiguous, or
            no graded student is in the file.
    """
    table = parse(exported)
    header = table.header
    named = "Student" in header or {"LastName", "FirstName"} <= set(header)
    if missing := [name for name in NEEDED if name not in header] + ["Student"] * (not named):
        raise UsageError(
            f"the file lacks the column {missing[0]} that a gradebook exported by Canvas has; "
            f"it has {table.columns()}"
        )
    place = _assignment(table, column)
    worth = next((row for row in table.rows if "Points Possible" in row.value(0)), None)
    warnings = []
    if worth is not None:
        if "(read only)" in worth.value(place):
            raise UsageError(
                f'Canvas does not read the column "{header[place]}": it is marked (read only)'
            )
        limit, highest = as_number(worth.value(place)), max(scores.values(), default=0)
        if limit is not None and highest > limit:
            warnings.append(
                f'"{header[place]}" is worth {number(limit)} points, but the scores go up to '
                f"{number(highest)}; set its points in Canvas or scale the scores"
            )

    def excused(row: Row) -> str | None:
        said = row.value(place).upper() == EXCUSED
        return "is excused (EX) in the file; that is kept" if said else None

    values = {student: {place: number(score)} for student, score in scores.items()}
    return fill_in(table, ID_COLUMNS, values, excused, warnings, platform_ids)


def _assignment(table: Table, column: str) -> int:
    """The index of an assignment's column, found by its header, its id, or its title."""
    header = table.header
    assignments = {
        place: match
        for place, name in enumerate(header)
        if (match := ASSIGNMENT.fullmatch(name)) is not None
    }
    wanted = column.strip()
    ways = (
        [place for place in assignments if header[place] == wanted],
        [place for place, match in assignments.items() if match["id"] == wanted],
        [place for place, match in assignments.items() if match["title"] == wanted],
    )
    found = next((places for places in ways if places), [])
    if len(found) == 1:
        return found[0]
    known = ", ".join(f'"{header[place]}"' for place in found or assignments)
    if found:
        raise UsageError(f'"{column}" may be {known}; give the number in brackets')
    raise UsageError(
        f'the file has no assignment "{column}"; it has {known or "none"}. '
        "Create the assignment in Canvas and export the gradebook again"
    )
