"""Fill in a file exported by another system, without adding rows or columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grading.errors import UsageError
from grading.exports.table import Row, Table
from grading.names import listed

PLATFORM_COLUMNS = ("ID", "Identifier", "Participant")  # what Canvas and Moodle call a student


@dataclass(frozen=True)
class Filled:
    """The file with scores filled in, and the outcome for every student.

    Attributes:
        filled: the students whose score was written.
        without_score: the rows of the file that have no score; they are unchanged.
        not_in_file: the students with a score who are not in the file.
        kept: the students whose cell was left alone although they have a score.
        matched_by: the columns in which students were found.
        warnings: sentences about what to check before the file is imported.
    """

    text: str
    filled: tuple[str, ...]
    without_score: tuple[str, ...]
    not_in_file: tuple[str, ...]
    kept: tuple[str, ...] = ()
    matched_by: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def fill_in(
    table: Table,
    id_columns: Sequence[str],
    values: Mapping[str, Mapping[int, str]],
    keep: Callable[[Row], str | None] = lambda row: None,
    warnings: Sequence[str] = (),
    platform_ids: Mapping[str, str] | None = None,
) -> Filled:
    """Write `values` (student → column → text) into the rows of their students.

    Args:
        id_columns: columns that may hold a student's id; those in the file are searched.
        keep: why a row must be left alone, in words that can follow the student's id.
        platform_ids: the platform's ids of students that it delivered under another name.

    Raises:
        UsageError: an id matches two rows or a row two ids, a row is too short, or no graded
            student is in the file.
    """
    places = {name: column for name in id_columns if (column := table.column(name)) is not None}
    rows = {
        number: row
        for number, row in enumerate(table.rows)
        if number and any(row.value(column) for column in places.values())
    }
    found = _rows_by_id(rows, places)
    cells: dict[tuple[int, int], str] = {}
    owners: dict[int, str] = {}
    matched: set[str] = set()
    filled, missing, kept, notes = [], [], [], list(warnings)
    for student, texts in values.items():
        hits = found.get(student, {}) or {
            number: names
            for number, names in found.get((platform_ids or {}).get(student, ""), {}).items()
            if not set(PLATFORM_COLUMNS).isdisjoint(names)
        }
        if not hits:
            missing.append(student)
            continue
        if len(hits) > 1:
            lines = " and ".join(str(rows[number].line) for number in hits)
            raise UsageError(
                f'"{student}" is in lines {lines} of the file; which one is meant? '
                "Grade under an id that only one student has"
            )
        [(place, names)] = hits.items()
        if place in owners:
            raise UsageError(
                f'"{owners[place]}" and "{student}" are the same student, in line '
                f"{rows[place].line} of the file; keep one of the two records"
            )
        owners[place] = student
        matched.update(names)
        if reason := keep(rows[place]):
            kept.append(student)
            notes.append(f"{student} {reason}")
            continue
        if max(texts) >= len(rows[place].cells):
            raise UsageError(
                f"line {rows[place].line} of the file has {len(rows[place].cells)} cells where "
                f"the first line has {len(table.header)}; export the file again"
            )
        cells.update({(place, column): text for column, text in texts.items()})
        filled.append(student)
    if values and not owners:
        wanted = [(platform_ids or {}).get(student, student) for student in values]
        there = [_name(row, places, matched) for row in rows.values()]
        raise UsageError(
            f"nobody who was graded is in the file, so nothing was written: looked for "
            f"{listed(wanted)} in the columns {listed(list(places))}; the file has "
            f"{listed(there) if there else 'no students'}"
        )
    return Filled(
        text=table.with_cells(cells),
        filled=tuple(filled),
        without_score=tuple(
            _name(row, places, matched) for number, row in rows.items() if number not in owners
        ),
        not_in_file=tuple(missing),
        kept=tuple(kept),
        matched_by=tuple(name for name in places if name in matched),
        warnings=tuple(notes),
    )


def _rows_by_id(
    rows: Mapping[int, Row], places: Mapping[str, int]
) -> dict[str, dict[int, list[str]]]:
    """Id → the rows that contain it → the names of the columns."""
    found: dict[str, dict[int, list[str]]] = {}
    for number, row in rows.items():
        for name, column in places.items():
            if value := row.value(column):
                found.setdefault(value, {}).setdefault(number, []).append(name)
    return found


def _name(row: Row, places: Mapping[str, int], matched: set[str]) -> str:
    """A row's id, preferably from a column in which other students were found."""
    preferred = sorted(places, key=lambda name: name not in matched)
    return next(value for name in preferred if (value := row.value(places[name])))
