"""CSV files of which every byte stays that is not meant to change."""

import csv
import io
from pathlib import Path

import pytest

from grading.errors import UsageError
from grading.exports.table import number, parse, read_text

TEXTS = [
    "a,b\r\n1,2\r\n",
    "a;b\n1;2",
    "a\tb\n1\t2\n",
    "\ufeffa,b\n1,2\n",
    'a,"b ""c"", d"\n"x\r\ny",  2 \n',
    'a,b\n\n"",\n,\n',
    'a,b\n"quoted" and more,x"y\n',
    "a,b\r1,2\r",
    "only one column\nx\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_file_without_changes_is_the_same_to_the_byte(text: str) -> None:
    assert parse(text).with_cells({}) == text


@pytest.mark.parametrize("text", TEXTS)
def test_cells_say_what_the_csv_module_reads(text: str) -> None:
    table = parse(text)
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=table.delimiter)
    ours = [[row.value(place) for place in range(len(row.cells))] for row in table.rows]
    assert ours == [[cell.strip() for cell in row] or [""] for row in rows]


def test_a_cell_is_quoted_where_it_must_be() -> None:
    table = parse("a;b\n1;2\n")
    assert table.with_cells({(1, 1): "x;y"}) == 'a;b\n1;"x;y"\n'
    assert table.with_cells({(1, 0): 'say "x"'}) == 'a;b\n"say ""x""";2\n'
    assert table.with_cells({(1, 0): "x,y"}) == "a;b\nx,y;2\n"


def test_a_cell_that_is_filled_in_is_no_formula() -> None:
    assert parse("a;b\n1;2\n").with_cells({(1, 0): "=1", (1, 1): "x,=1"}) == "a;b\n'=1;x,'=1\n"
    assert parse("a,b\n1,2\n").with_cells({(1, 0): "x;=1", (1, 1): "1"}) == "a,b\nx;'=1,1\n"


def test_lines_are_counted_as_an_editor_does() -> None:
    assert [row.line for row in parse('a,b\n"x\n\ny",1\nz,2\n').rows] == [1, 2, 5]


@pytest.mark.parametrize("text", TEXTS)
def test_a_file_is_read_with_its_line_ends(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert read_text(tmp_path / "a.csv") == text


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("Zoë,1\n".encode(encoding))
    with pytest.raises(UsageError, match=r"a\.csv is not encoded in UTF-8"):
        read_text(tmp_path / "a.csv")


@pytest.mark.parametrize("text", ["", " \n", "\ufeff"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        parse(text)


def test_a_quote_that_is_never_closed_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError, match="line 2 "):
        parse('a,b\n"x,1\nz,2\n')


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UsageError, match='2 columns "b"'):
        parse("a,b,b\n").column("b")


@pytest.mark.parametrize(
    ("score", "text"),
    [(0, "0"), (100, "100"), (87.5, "87.5"), (87.129, "87.13"), (1234567, "1234567"), (70.0, "70")],
)
def test_a_score_has_at_most_two_decimals(score: float, text: str) -> None:
    assert number(score) == text


@pytest.mark.parametrize("score", [-1, float("nan"), float("inf")])
def test_what_is_no_score_is_refused(score: float) -> None:
    with pytest.raises(UsageError, match="of at least 0"):
        number(score)
