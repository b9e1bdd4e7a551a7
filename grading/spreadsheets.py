"""Text in the cells of a CSV file, none of which a spreadsheet runs as a formula.

A cell that begins with "=" and the like is a formula. So may be what stands after a character that
separates cells in another country's settings, or in a file that is opened in another way.
"""

import csv
import io
import re
from collections.abc import Iterable

FORMULA_STARTS = "=+\\-@＝＋－＠"  # in a character class
SEPARATORS = ",;\t\r\n"


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """A CSV file of these rows, in which no text is a formula. Numbers stay as they are."""
    return write_rows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )


def write_rows(rows: Iterable[Iterable[object]], delimiter: str = ",", line_end: str = "\n") -> str:
    """A CSV file of these rows. A lone carriage return becomes a line feed, which is quoted."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(
        [re.sub(r"\r(?!\n)", "\n", cell) if isinstance(cell, str) else cell for cell in row]
        for row in rows
    )
    return file.getvalue()


def harmless(text: str, delimiter: str = ",") -> str:
    """The text with an apostrophe before each place at which a spreadsheet could see a formula.

    Args:
        delimiter: of the file, in which a cell that holds it is quoted.
    """
    return re.sub(_formula(delimiter, ""), "'", text)


def plain(text: str, delimiter: str = ",") -> str:
    """The text that `harmless` was given."""
    return re.sub(_formula(delimiter, "'"), "", text)


def _formula(delimiter: str, mark: str) -> re.Pattern[str]:
    """Each place where a cell could begin as a formula does, or the `mark` that stands there."""
    separators = SEPARATORS.replace(delimiter, "")
    return re.compile(rf"(?:^|(?<=[{separators}])){mark}(?=[\s\"']*[{FORMULA_STARTS}])")
