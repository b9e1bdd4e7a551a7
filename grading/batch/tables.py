"""Tables about a class that an instructor gives as CSV, from a spreadsheet or a platform."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from grading.errors import UsageError
from grading.spreadsheets import plain

DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes:
        line: where it ends in the file, from 1.
        cells: by heading, without outer blanks; "" if the row is too short.
    """

    line: int
    cells: dict[str, str]


def read(path: Path) -> tuple[list[str], list[Row]]:
    """The headings and the rows.

    Raises:
        UsageError: the file cannot be read, or a row has more cells than there are headings; the
            message names the file, the line and the fix.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not encoded in UTF-8; save it as CSV UTF-8") from None
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        headings = [name.strip() for name in next(reader, [])]
        plain_names = [normalized(name) for name in headings]
        if twice := [name for name in plain_names if name and plain_names.count(name) > 1]:
            raise ValueError(f"there are two columns called {twice[0]}; rename or delete one")
        rows = [_row(reader.line_num, headings, cells, delimiter) for cells in reader]
    except (csv.Error, ValueError) as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}") from None
    return headings, [row for row in rows if any(row.cells.values())]


def normalized(heading: str) -> str:
    """In lower case, with underscores for blanks."""
    return "_".join(heading.casefold().split())


def _row(line: int, headings: list[str], cells: list[str], delimiter: str) -> Row:
    texts = [plain(cell.strip(), delimiter) for cell in cells]
    if any(texts[len(headings) :]):
        raise ValueError(
            f"there are {len(texts)} cells and {len(headings)} headings; put a cell with a "
            f"{delimiter!r} in quotes"
        )
    texts += [""] * (len(headings) - len(texts))
    return Row(line, dict(zip(headings, texts, strict=False)))
