"""A CSV file in which some cells are changed and all others keep their text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grading.errors import UsageError
from grading.spreadsheets import harmless, write_rows

DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    line: int  # where the row begins, from 1

    def value(self, column: int) -> str:
        """A cell's text without outer blanks; "" if the row is too short."""
        return self.cells[column].strip() if column < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    delimiter: str
    line_end: str
    start: str = ""  # the byte order mark, if the file has one

    @property
    def header(self) -> list[str]:
        return [cell.strip() for cell in self.rows[0].cells]

    def column(self, name: str) -> int | None:
        """The index of the column with that name; None if there is none.

        Raises:
            UsageError: there are several.
        """
        if (times := Counter(self.header)[name]) > 1:
            raise UsageError(
                f'the file has {times} columns "{name}"; rename all but one in a copy of the file'
            )
        return self.header.index(name) if times else None

    def columns(self) -> str:
        """The names of all columns, for a message."""
        return ", ".join(f'"{name}"' for name in self.header if name) or "none"

    def with_cells(self, values: Mapping[tuple[int, int], str]) -> str:
        """The text of the file with some cells, by row and column, replaced. No new cell is a
        formula in any spreadsheet program."""
        rows = (
            [
                harmless(values[number, column], self.delimiter)
                if (number, column) in values
                else cell
                for column, cell in enumerate(row.cells)
            ]
            for number, row in enumerate(self.rows)
        )
        return self.start + write_rows(rows, self.delimiter, self.line_end)


def read_text(path: Path) -> str:
    """The text of a file with its original line endings; write it back as UTF-8 bytes.

    Raises:
        UsageError: it is not UTF-8, perhaps because a spreadsheet program saved it.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path} is not encoded in UTF-8; take the file as it was exported, or save it as "
            '"CSV UTF-8"'
        ) from None


def parse(text: str) -> Table:
    """Read a CSV file whose first row names its columns. Line endings must be the original ones.

    Raises:
        UsageError: the file is empty or not valid CSV, as where a quote is never closed.
    """
    start = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    body = text.removeprefix(BYTE_ORDER_MARK)
    if not body.strip():
        raise UsageError("the file is empty; export it again")

    def n_columns(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)))

    rows, line = [], 1
    try:
        delimiter = max(DELIMITERS, key=n_columns)
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
        for cells in reader:
            rows.append(Row(tuple(cells), line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {line} of the file is not CSV ({error}); export it again") from None
    ends = re.findall(r"\r\n|\r|\n", body)
    return Table(tuple(rows), delimiter, ends[0] if ends else "\n", start)


def number(score: float) -> str:
    """A score as other systems read it: at most two decimals, without trailing zeros."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def as_number(text: str) -> float | None:
    """The number in a cell, with a decimal point or comma; None for any other text."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
