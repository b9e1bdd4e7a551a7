"""CSV files of which every text stays that is not meant to change."""

import csv
import io
from pathlib import Path

import pytest

from grading.errors import UsageError
from grading.exports.table import number, parse, read_text

TEXTS = {
    "Windows": "a,b\r\n1,2\r\n",
    "semicolons": "a;b\n1;2\n",
    "tabs": "a\tb\n1\t2\n",
    "byte order mark": "\ufeffa,b\n1,2\n",
    "quotes": 'a,"b ""c"", d"\n"x\r\ny",  2 \n',
    "rows of other lengths": "a,b\n\nx,\n,\n1,2,3\n",
    "old Mac": "a,b\r1,2\r",
    "one column": "only one column\nx\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_file_without_changes_stays_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert parse(read_text(tmp_path / "a.csv")).with_cells({}) == text


def test_quotes_that_are_not_needed_and_a_line_without_an_end_are_the_same_table() -> None:
    table = parse('"a","b"\r\n"x ","y, z"')
    assert table.header == ["a", "b"]
    assert [row.value(place) for row in table.rows[1:] for place in range(3)] == ["x", "y, z", ""]
    assert table.with_cells({}) == 'a,b\r\nx ,"y, z"\r\n'


def test_a_cell_that_is_filled_in_is_quoted_where_it_must_be_and_is_no_formula() -> None:
    filled = parse("a;b\n1;2\n").with_cells({(1, 0): '=1 "x"', (1, 1): "x;y,=1"})
    assert filled == 'a;b\n"\'=1 ""x""";"x;y,\'=1"\n'
    assert list(csv.reader(io.StringIO(filled), delimiter=";"))[1] == ['\'=1 "x"', "x;y,'=1"]
    assert parse("a,b\n1,2\n").with_cells({(1, 0): "x;=1", (1, 1): "1"}) == "a,b\nx;'=1,1\n"


def test_lines_are_counted_as_an_editor_does() -> None:
    assert [row.line for row in parse('a,b\n"x\n\ny",1\nz,2\n').rows] == [1, 2, 5]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("Zoë,1\n".encode(encoding))
    with pytest.raises(UsageError, match=r"a\.csv is not encoded in UTF-8"):
        read_text(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        (" \n", "the file is empty"),
        ("\ufeff", "the file is empty"),
        ('a,b\n"x,1\nz,2\n', r"line 2 of the file is not CSV \(unexpected end of data\)"),
        ('"a,b\n' + "x,1\n" * 50_000, r"line 1 of the file is not CSV \(field larger than"),
    ],
)
def test_what_is_no_table_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse(text)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UsageError, match='2 columns "b"'):
        parse("a,b,b\n").column("b")


@pytest.mark.parametrize(
    ("score", "text"),
    [(0, "0"), (100, "100"), (87.5, "87.5"), (87.129, "87.13"), (1234567, "1234567"), (70.0, "70")],
)
def test_a_score_has_at_most_two_decimals(score: float, text: str) -> None:
    assert number(score) == text
