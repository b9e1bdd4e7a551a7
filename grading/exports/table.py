"""A CSV file in which some cells are changed and every other byte is preserved."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grading.errors import UsageError
from grading.spreadsheets import harmless

DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]  # verbatim, with their quotes
    end: str  # "\n", "\r\n", or "" at the end of the file
    line: int  # where the row begins, from 1

    def value(self, column: int) -> str:
        """A cell's text without quotes and outer blanks; "" if the row is too short."""
        return _unquoted(self.cells[column]).strip() if column < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    delimiter: str
    start: str = ""  # the byte order mark, if the file has one

    @property
    def header(self) -> list[str]:
        return [self.rows[0].value(column) for column in range(len(self.rows[0].cells))]

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
        parts = [self.start]
        for number, row in enumerate(self.rows):
            cells = [
                _quoted(values[number, column], self.delimiter)
                if (number, column) in values
                else cell
                for column, cell in enumerate(row.cells)
            ]
            parts.append(self.delimiter.join(cells) + row.end)
        return "".join(parts)


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
        UsageError: the file is empty, or a quote is opened and never closed.
    """
    start = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    body = text.removeprefix(BYTE_ORDER_MARK)
    if not body.strip():
        raise UsageError("the file is empty; export it again")
    delimiter = max(DELIMITERS, key=lambda character: len(next(_rows(body, character)).cells))
    return Table(tuple(_rows(body, delimiter)), delimiter, start)


def number(score: float) -> str:
    """A score as other systems read it: at most two decimals, without trailing zeros.

    Raises:
        UsageError: it is not a number of at least 0.
    """
    if not 0 <= score < float("inf"):
        raise UsageError(f"a score must be a number of at least 0, got {score!r}")
    text = f"{score:.2f}"
    return text.rstrip("0").rstrip(".")


def as_number(text: str) -> float | None:
    """The number in a cell, with a decimal point or comma; None for any other text."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    # a cell in quotes, with what follows them up to the delimiter; or one without; then its end
    cell = re.compile(
        rf'("[^"]*(?:""[^"]*)*"[^{delimiter}\r\n]*|[^{delimiter}\r\n]*)({delimiter}|\r\n|\r|\n|\Z)'
    )
    cells: list[str] = []
    place, line, begun = 0, 1, 1
    while place < len(text) or cells:
        found = cell.match(text, place)
        assert found is not None  # the second way to match takes any text
        raw, end = found.groups()
        if raw.startswith('"') and raw.count('"') % 2:
            raise UsageError(
                f"line {line} of the file opens a quote that is never closed; export it again"
            )
        cells.append(raw)
        line += len(re.findall(r"\r\n|\r|\n", raw))
        place = found.end()
        if end != delimiter:
            yield Row(tuple(cells), end, begun)
            cells = []
            line += 1
            begun = line


def _unquoted(cell: str) -> str:
    if not cell.startswith('"'):
        return cell
    inside, _, after = cell[1:].rpartition('"')
    return inside.replace('""', '"') + after


def _quoted(value: str, delimiter: str) -> str:
    value = harmless(value, delimiter)
    if any(character in value for character in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value
