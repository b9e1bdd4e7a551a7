"""Text from students in the cells of a CSV file, however it is opened."""

import csv
import io

import pytest

from grading.spreadsheets import csv_text, harmless, plain

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", "\t=1", "\r=1", "\r\n=1", '"=1']
HIDDEN = ["ada;=1+1", "ada;;=1", "ada; =1", "ada\t=1", "ada\n-1", "ada\r@x", 'a ";""=1+1', "a;'=1"]
HONEST = ["ada", "o'hara", "'t Hooft", "a=b", "3-4", "", "Smith; Ana", "né, -", "x\ty", "a; 'b'"]
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("text", FORMULAS + HIDDEN)
@pytest.mark.parametrize("opened_with", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_separates_them(text: str, opened_with: str) -> None:
    file = io.StringIO()
    csv.writer(file).writerow(["1", harmless(text), "2"])
    for line in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=opened_with):
        for cell in line:
            assert not cell.lstrip(" \t\r\n\"'").startswith(STARTS) or cell.startswith("'")


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\r\nb", 'a"\rb', "a,\r"])
def test_a_cell_of_several_lines_stays_one_cell(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text([["1", text, "2"]]), newline="")))
    assert [[cell.splitlines() for cell in row] for row in rows] == [
        [["1"], text.splitlines(), ["2"]]
    ]


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", FORMULAS + HIDDEN + HONEST + ["'=1", "'';'=1", "''a"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_was_made_harmless_can_be_read_back(text: str, delimiter: str) -> None:
    assert plain(harmless(text, delimiter), delimiter) == text
