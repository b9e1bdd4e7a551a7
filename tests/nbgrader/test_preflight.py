"""Before `nbgrader autograde`: each fault of a submission, what is said about it and what comes of
it; and one real batch with all of them."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

import nbformat
from click.testing import Result
from nbgrader.nbgraderformat import MetadataValidator
from typer.testing import CliRunner

from grading.cli import app
from grading.nbgrader.preflight import PreflightError, Verdict, preflight, report
from tests.nbgrader.conftest import (
    AREA,
    AREA_STUB,
    DOUBLE,
    STUB,
    Notebook,
    cell,
    code,
    duplicate,
    released,
    solved,
    source_notebook,
)

Change = Callable[[Notebook], None]
HandIn = Callable[..., Path]
TESTS = ["test-3-1-doubles", "test-3-1-zero", "test-3-2-area"]


def meta(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    return cell(notebook, grade_id)["metadata"]["nbgrader"]


def read(path: Path) -> Notebook:
    return json.loads(path.read_text(encoding="utf-8"))


def sources(notebook: Notebook) -> list[str]:
    return ["".join(one["source"]) for one in notebook["cells"]]


def grade_ids(notebook: Notebook) -> list[str]:
    metadata = [one["metadata"].get("nbgrader") for one in notebook["cells"]]
    return [one["grade_id"] for one in metadata if one]


def assert_ready(path: Path) -> Notebook:
    """A notebook that nbgrader and the notebook format accept, with every test of the release."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    plain = read(path)
    release = released()
    for grade_id in ["setup", *TESTS]:
        [mine] = [one for one in plain["cells"] if grade_id in grade_ids({"cells": [one]})]
        assert mine["metadata"]["nbgrader"] == meta(release, grade_id)
        assert "".join(mine["source"]) == cell(release, grade_id)["source"]
        assert mine["cell_type"] == "code"
    return plain


def only(verdicts: list[Verdict]) -> Verdict:
    [verdict] = verdicts
    return verdict


# What a student or an editor does to a notebook, and what is said about it.


def _remove(*ids: str) -> Change:
    def change(notebook: Notebook) -> None:
        for id_ in ids:
            notebook["cells"].remove(cell(notebook, id_))

    return change


def _set(grade_id: str, **values: Any) -> Change:
    return lambda notebook: meta(notebook, grade_id).update(values)


def _unset(grade_id: str, *keys: str) -> Change:
    def change(notebook: Notebook) -> None:
        for key in keys:
            del meta(notebook, grade_id)[key]

    return change


def _field(id_: str, key: str, value: Any) -> Change:
    return lambda notebook: cell(notebook, id_).__setitem__(key, value)


def _move(id_: str, to: int) -> Change:
    def change(notebook: Notebook) -> None:
        one = cell(notebook, id_)
        notebook["cells"].remove(one)
        notebook["cells"].insert(to, one)

    return change


def _lose_metadata(*ids: str) -> Change:
    def change(notebook: Notebook) -> None:
        for id_ in ids:
            cell(notebook, id_)["metadata"] = {}

    return change


def _top(key: str, value: Any) -> Change:
    return lambda notebook: notebook.__setitem__(key, value)


def _add(one: dict[str, Any], index: int = 1) -> Change:
    return lambda notebook: notebook["cells"].insert(index, copy.deepcopy(one))


def _swap_tests(notebook: Notebook) -> None:
    one, other = cell(notebook, TESTS[0])["metadata"], cell(notebook, TESTS[1])["metadata"]
    one["nbgrader"], other["nbgrader"] = other["nbgrader"], one["nbgrader"]


def _test_metadata_on_solution(notebook: Notebook) -> None:
    metadata = copy.deepcopy(cell(notebook, TESTS[0])["metadata"])
    cell(notebook, "solution-3-1")["metadata"] = metadata
    _remove(TESTS[0])(notebook)


def _unknown_solution_id(notebook: Notebook) -> None:
    meta(notebook, "solution-3-1")["grade_id"] = "cell-1f2e"


def _deep(levels: int = 300) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"in": value}
    return value


def _foreign(**values: Any) -> dict[str, Any]:
    one = code("x = 1")
    flags = {"grade": False, "locked": True, "solution": False}
    one["metadata"]["nbgrader"] = {"schema_version": 3, "grade_id": "x", **flags, **values}
    return one


def _with_nbgrader(value: Any) -> dict[str, Any]:
    one = code("x = 1")
    one["metadata"]["nbgrader"] = value
    return one


ERROR = {"output_type": "error", "ename": "E"}  # without the other two fields that it needs

FAULTS: dict[str, tuple[Change, str]] = {
    "test_copied": (
        lambda notebook: duplicate(notebook, TESTS[0]),
        "Copies of the course's cells are ordinary cells now: test-3-1-doubles.",
    ),
    "test_copied_and_edited": (
        lambda notebook: duplicate(notebook, TESTS[0], "print(double(3))"),
        "Copies of the course's cells are ordinary cells now: test-3-1-doubles.",
    ),
    "setup_copied": (
        lambda notebook: duplicate(notebook, "setup"),
        "Copies of the course's cells are ordinary cells now: setup.",
    ),
    "solution_copied": (
        lambda notebook: duplicate(notebook, "solution-3-1"),
        "Of several copies the last that was written in counts, and the others stay: solution-3-1.",
    ),
    "solution_copied_as_stub": (
        lambda notebook: duplicate(notebook, "solution-3-1", STUB),
        "Untouched copies that would undo the written cell are gone: solution-3-1.",
    ),
    "tests_deleted": (
        _remove(*TESTS),
        "Missing cells of the course are back: test-3-1-doubles, test-3-1-zero and test-3-2-area.",
    ),
    "setup_deleted": (_remove("setup"), "Missing cells of the course are back: setup."),
    "metadata_lost": (
        _lose_metadata("setup", "solution-3-1", *TESTS),
        "Cells that had lost nbgrader's metadata have it again: setup, solution-3-1, "
        "test-3-1-doubles, test-3-1-zero and test-3-2-area.",
    ),
    "metadata_null": (
        lambda notebook: cell(notebook, "solution-3-2")["metadata"].update(nbgrader=None),
        "Cells that had lost nbgrader's metadata have it again: solution-3-2.",
    ),
    "metadata_no_object": (
        _field("solution-3-2", "metadata", "none"),
        "Brought into the form that the notebook format asks for: cell 7. "
        "Cells that had lost nbgrader's metadata have it again: solution-3-2.",
    ),
    "tests_swapped": (
        _swap_tests,
        "Cells with the metadata of another cell have their own again: "
        "test-3-1-doubles and test-3-1-zero.",
    ),
    "solution_marked_as_test": (
        _test_metadata_on_solution,
        "Cells with the metadata of another cell have their own again: solution-3-1. "
        "Missing cells of the course are back: test-3-1-doubles.",
    ),
    "solution_with_unknown_id": (
        _unknown_solution_id,
        "Cells with the metadata of another cell have their own again: solution-3-1.",
    ),
    "test_made_solution": (
        _set(TESTS[0], solution=True, grade=False, locked=False),
        "What kind of cell it is, is as released again: "
        "test-3-1-doubles (grade, locked, solution).",
    ),
    "solution_locked": (
        _set("solution-3-1", locked=True),
        "What kind of cell it is, is as released again: solution-3-1 (locked).",
    ),
    "flag_no_boolean": (
        _set("solution-3-1", solution=1),
        "What kind of cell it is, is as released again: solution-3-1 (solution).",
    ),
    "flags_missing": (
        _unset(TESTS[0], "grade", "locked"),
        "What kind of cell it is, is as released again: test-3-1-doubles (grade, locked).",
    ),
    "task_cell": (
        _set("solution-3-1", task=True),
        "What kind of cell it is, is as released again: solution-3-1 (task).",
    ),
    "cell_type_in_metadata": (
        _set(TESTS[0], cell_type="markdown"),
        "What kind of cell it is, is as released again: test-3-1-doubles (cell_type).",
    ),
    "points_changed": (
        _set(TESTS[0], points=100),
        "Points are as released again: test-3-1-doubles (2, not 100).",
    ),
    "points_missing": (
        _unset(TESTS[0], "points"),
        "Points are as released again: test-3-1-doubles (2, not none).",
    ),
    "points_as_text": (
        _set(TESTS[0], points="2"),
        "Points are as released again: test-3-1-doubles (2, not 2).",
    ),
    "points_on_solution": (
        _set("solution-3-1", points=None),
        "Points are as released again: solution-3-1 (none, not none).",
    ),
    "unknown_keys": (
        _set("solution-3-1", remark="mine", bonus=5),
        "Metadata that nbgrader does not know is gone: solution-3-1 (bonus and remark).",
    ),
    "checksum_damaged": (
        _set("solution-3-1", checksum=7),
        "Metadata that nbgrader does not know is gone: solution-3-1 (checksum).",
    ),
    "schema_too_new": (
        _set("solution-3-1", schema_version=99),
        "The metadata's version is 3 again: solution-3-1 (99).",
    ),
    "schema_nonsense": (
        _set("solution-3-1", schema_version="three"),
        "The metadata's version is 3 again: solution-3-1 (three).",
    ),
    "schema_negative": (
        _set("solution-3-1", schema_version=-1),
        "The metadata's version is 3 again: solution-3-1 (-1).",
    ),
    "schema_true": (
        _set("solution-3-1", schema_version=True),
        "The metadata's version is 3 again: solution-3-1 (True).",
    ),
    "schema_old": (
        _set("solution-3-1", schema_version=1),
        "Metadata of an old version of nbgrader is brought up to date: solution-3-1 (1).",
    ),
    "schema_missing": (
        _unset(TESTS[0], "schema_version"),
        "Metadata of an old version of nbgrader is brought up to date: test-3-1-doubles (0).",
    ),
    "schema_old_points_damaged": (
        _set(TESTS[0], schema_version=0, points="many"),
        "Metadata of an old version of nbgrader is brought up to date: test-3-1-doubles (0). "
        "Points are as released again: test-3-1-doubles (2, not many).",
    ),
    "test_edited": (
        _field(TESTS[0], "source", "assert True"),
        "Changed tests are as released again, below what a student wrote in them: "
        "test-3-1-doubles.",
    ),
    "test_written_in": (
        _field(TESTS[0], "source", "def two():\n    return 2\n\nassert double(2) == 4"),
        "Changed tests are as released again, below what a student wrote in them: "
        "test-3-1-doubles.",
    ),
    "test_text_no_text": (
        _field(TESTS[0], "source", [1, 2]),
        "Brought into the form that the notebook format asks for: cell 4. "
        "Changed cells of the course are as released again: test-3-1-doubles.",
    ),
    "setup_edited": (
        _field("setup", "source", "import math\nimport cmath"),
        "Changed cells of the course are as released again, and what a student wrote follows: "
        "setup.",
    ),
    "setup_emptied": (
        _field("setup", "source", ""),
        "Changed cells of the course are as released again: setup.",
    ),
    "test_made_markdown": (
        lambda notebook: cell(notebook, TESTS[0]).update(cell_type="markdown"),
        "Brought into the form that the notebook format asks for: cell 4. "
        "What kind of cell it is, is as released again: test-3-1-doubles (code, not markdown).",
    ),
    "solution_made_raw": (
        lambda notebook: [
            cell(notebook, "solution-3-1").update(cell_type="raw"),
            cell(notebook, "solution-3-1").pop("outputs"),
            cell(notebook, "solution-3-1").pop("execution_count"),
        ],
        "What kind of cell it is, is as released again: solution-3-1 (code, not raw).",
    ),
    "test_before_its_solution": (
        _move(TESTS[0], 1),
        "Cells of the course stand again where the cells around them need them: test-3-1-doubles.",
    ),
    "setup_at_the_end": (
        _move("setup", 7),
        "Cells of the course stand again where the cells around them need them: setup.",
    ),
    "foreign_cell": (
        _add(_foreign(grade_id="test-2-1-other")),
        "Cells that this notebook does not have in the release are ordinary cells now: "
        "test-2-1-other.",
    ),
    "invalid_grade_id": (
        _add(_foreign(grade_id="my cell/1")),
        "Cells that this notebook does not have in the release are ordinary cells now: my cell/1.",
    ),
    "grade_id_no_text": (
        _add(_foreign(grade_id=7)),
        'Cells that this notebook does not have in the release are ordinary cells now: "x = 1".',
    ),
    "metadata_empty": (
        _add(_with_nbgrader({})),
        'Metadata that nbgrader cannot read is gone: "x = 1".',
    ),
    "metadata_a_list": (
        _add(_with_nbgrader([1])),
        'Metadata that nbgrader cannot read is gone: "x = 1".',
    ),
    "cell_ids_double": (
        _field(TESTS[1], "id", TESTS[0]),
        "Cells whose id was missing, taken or impossible have a new one: cell 5.",
    ),
    "cell_id_impossible": (
        _field("heading-3-2", "id", "heading 3.2 ä"),
        "Cells whose id was missing, taken or impossible have a new one: cell 6.",
    ),
    "cell_id_missing": (
        lambda notebook: notebook["cells"][5].pop("id"),
        "Cells whose id was missing, taken or impossible have a new one: cell 6.",
    ),
    "kernel_of_another_name": (
        lambda notebook: notebook["metadata"]["kernelspec"].update(name="conda-env-dl"),
        "The kernel is the course's again: python3 (not conda-env-dl).",
    ),
    "kernel_of_another_language": (
        lambda notebook: notebook["metadata"].update(
            kernelspec={"name": "ir", "display_name": "R", "language": "R"},
            language_info={"name": "R"},
        ),
        "The kernel is the course's again: python3 (not ir) and python (not R).",
    ),
    "kernel_missing": (
        lambda notebook: notebook["metadata"].pop("kernelspec"),
        "The kernel is the course's again: python3 (not none).",
    ),
    "notebook_metadata_missing": (
        lambda notebook: notebook.pop("metadata"),
        "Brought into the form that the notebook format asks for: the notebook. "
        "The kernel is the course's again: python3 (not none).",
    ),
    "outputs_damaged": (
        _field("solution-3-1", "outputs", [ERROR]),
        "Outputs are gone, as nbgrader runs all cells anew: cell 3.",
    ),
    "outputs_no_list": (
        _field("solution-3-1", "outputs", None),
        "Outputs are gone, as nbgrader runs all cells anew: cell 3.",
    ),
    "outputs_deep": (
        _field(
            "solution-3-1",
            "outputs",
            [
                {
                    "output_type": "display_data",
                    "data": {"application/json": _deep()},
                    "metadata": {},
                }
            ],
        ),
        "Metadata or outputs that are nested too deeply are gone: cell 3.",
    ),
    "metadata_deep": (
        lambda notebook: cell(notebook, "solution-3-1")["metadata"].update(mine=_deep()),
        "Metadata or outputs that are nested too deeply are gone: cell 3.",
    ),
    "outputs_with_half_a_character": (
        _field(
            "solution-3-1",
            "outputs",
            [{"output_type": "stream", "name": "stdout", "text": "\ud83d"}],
        ),
        "Outputs are gone, as nbgrader runs all cells anew: cell 3.",
    ),
    "tags_no_list": (
        lambda notebook: cell(notebook, "solution-3-1")["metadata"].update(tags=7),
        "Brought into the form that the notebook format asks for: cell 3.",
    ),
    "execution_count_no_number": (
        _field("solution-3-1", "execution_count", "three"),
        "Brought into the form that the notebook format asks for: cell 3.",
    ),
    "cell_with_unknown_fields": (
        _field("solution-3-1", "colour", "red"),
        "Brought into the form that the notebook format asks for: cell 3.",
    ),
    "notebook_with_unknown_fields": (
        _top("worksheets", []),
        "Brought into the form that the notebook format asks for: the notebook.",
    ),
    "version_of_the_format": (
        _top("nbformat", 5),
        "Brought into the form that the notebook format asks for: "
        "the version of the notebook format.",
    ),
    "version_of_the_format_missing": (
        lambda notebook: notebook.pop("nbformat"),
        "Brought into the form that the notebook format asks for: "
        "the version of the notebook format.",
    ),
    "version_of_the_format_no_number": (
        _top("nbformat_minor", "5"),
        "Brought into the form that the notebook format asks for: "
        "the version of the notebook format.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_a_sentence_and_repaired(
    fault: str, course: Path, hand_in: HandIn
) -> None:
    change, sentence = FAULTS[fault]
    notebook = solved()
    change(notebook)
    path = hand_in("anna", notebook)
    before = path.read_bytes()
    verdict = only(preflight(course / "submitted"))
    assert (verdict.student, verdict.assignment, verdict.state) == ("anna", "part3", "repaired")
    assert " ".join(verdict.sentences) == sentence
    repaired = assert_ready(path)
    for text in (DOUBLE, AREA):
        assert text in sources(repaired)
    original = course / "set-aside" / "anna" / "part3" / "original" / "part3.ipynb"
    assert original.read_bytes() == before

    after = path.read_bytes()
    again = preflight(course / "submitted")
    assert only(again).state == "fine"
    assert list(report(again)) == ["1 submission: 1 fine; nothing to change"]
    assert path.read_bytes() == after


def test_what_is_in_order_is_not_touched(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    notebook["cells"].insert(3, code("helper = 1"))
    ordinary = {"schema_version": 3, "grade": False, "locked": False, "solution": False}
    notebook["cells"].insert(4, _with_nbgrader(ordinary))
    notebook["cells"][4]["id"] = "marked-by-the-editor"
    notebook["metadata"]["language_info"]["version"] = "3.13.1"
    notebook["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    cell(notebook, "solution-3-1")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["6\n"]}
    ]
    path = hand_in("anna", notebook)
    content = path.read_bytes()
    assert only(preflight(course / "submitted")).state == "fine"
    assert path.read_bytes() == content
    assert not (course / "set-aside").exists()


def test_a_notebook_before_cell_ids_stays_one(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    _remove(TESTS[0])(notebook)
    notebook["nbformat_minor"] = 4
    for one in notebook["cells"]:
        del one["id"]
    path = hand_in("anna", notebook)
    assert only(preflight(course / "submitted")).sentences == (
        "Missing cells of the course are back: test-3-1-doubles.",
    )
    assert assert_ready(path)["nbformat_minor"] == 4


# What happens to cells


def test_both_texts_of_a_solution_that_was_copied_stay(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    duplicate(notebook, "solution-3-1", "def double(x):\n    return x + x")
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    repaired = assert_ready(path)
    assert sources(repaired) == sources(notebook)
    first, second = repaired["cells"][2:4]
    assert "nbgrader" not in first["metadata"]
    assert second["metadata"]["nbgrader"]["grade_id"] == "solution-3-1"


def test_of_copies_that_nobody_wrote_in_the_last_counts(course: Path, hand_in: HandIn) -> None:
    notebook = released()
    duplicate(notebook, "solution-3-1")
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    repaired = assert_ready(path)
    assert sources(repaired).count(STUB) == 2
    assert "nbgrader" not in repaired["cells"][2]["metadata"]


def test_an_untouched_copy_before_the_written_cell_stays(course: Path, hand_in: HandIn) -> None:
    notebook = released()
    duplicate(notebook, "solution-3-1", DOUBLE)
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    repaired = assert_ready(path)
    assert sources(repaired)[2:4] == [STUB, DOUBLE]
    assert repaired["cells"][3]["metadata"]["nbgrader"]["grade_id"] == "solution-3-1"


def test_a_copied_test_stays_as_an_ordinary_cell(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    duplicate(notebook, TESTS[0], "print(double(3))")
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    copied = assert_ready(path)["cells"][4]
    assert "".join(copied["source"]) == "print(double(3))"
    assert copied["metadata"] == {}


def test_missing_tests_come_back_in_their_places(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    _remove("setup", *TESTS)(notebook)
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    assert [one["id"] for one in assert_ready(path)["cells"]] == [
        one["id"] for one in released()["cells"]
    ]


def test_a_test_comes_back_after_what_a_student_added_below_the_solution(
    course: Path, hand_in: HandIn
) -> None:
    notebook = solved()
    _remove(TESTS[0], TESTS[1])(notebook)
    notebook["cells"].insert(3, code("def helper(x):\n    return x"))
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    ids = [one["id"] for one in assert_ready(path)["cells"]]
    assert ids[2:7] == ["solution-3-1", "own-cell", TESTS[0], TESTS[1], "heading-3-2"]


def test_what_was_written_into_the_setup_follows_it(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    cell(notebook, "setup")["source"] = "import math\nimport cmath"
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    repaired = assert_ready(path)
    assert sources(repaired)[1:3] == ["import math", "import math\nimport cmath"]
    assert repaired["cells"][2]["metadata"] == {}


def test_moved_cells_stand_where_they_can_work(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    _move("setup", 7)(notebook)
    _move(TESTS[2], 0)(notebook)
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    ids = [one["id"] for one in assert_ready(path)["cells"]]
    assert ids.index("setup") < ids.index("solution-3-1")
    assert ids.index(TESTS[2]) > ids.index("solution-3-2")


def test_a_solution_is_recognised_by_what_it_defines(course: Path, hand_in: HandIn) -> None:
    """As in a notebook that was copied cell by cell into a new one."""
    notebook = solved()
    for number, one in enumerate(notebook["cells"]):
        one |= {"metadata": {}, "id": f"new-{number}"}
    lesson = {"cell_type": "markdown", "id": "l", "metadata": {}, "source": STUB}
    notebook["cells"].insert(0, lesson)
    path = hand_in("anna", notebook)
    preflight(course / "submitted")
    repaired = assert_ready(path)
    assert grade_ids(repaired) == grade_ids(released())
    assert sources(repaired) == sources(notebook)
    assert repaired["cells"][0]["cell_type"] == "markdown"


def test_cells_merged_into_one_lose_no_text(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    merged = f"{DOUBLE}\n\n{AREA}"
    cell(notebook, "solution-3-1")["source"] = merged
    _remove("solution-3-2", TESTS[0])(notebook)
    path = hand_in("anna", notebook)
    verdict = only(preflight(course / "submitted"))
    assert verdict.notes == ()
    assert merged in sources(assert_ready(path))


def test_tools_that_write_lists_of_lines_change_nothing(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    for one in notebook["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)
    hand_in("anna", notebook)
    assert only(preflight(course / "submitted")).state == "fine"


def test_outputs_of_a_large_notebook_go(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    text = "x" * 11_000_000
    cell(notebook, "solution-3-1")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": text}
    ]
    path = hand_in("anna", notebook)
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences == ("Outputs are gone, as nbgrader runs all cells anew.",)
    assert path.stat().st_size < 10_000
    assert_ready(path)


def test_notes_say_what_nothing_can_be_done_about(course: Path, hand_in: HandIn) -> None:
    gone, elsewhere = solved(), solved()
    _remove("solution-3-2")(gone)
    cell(elsewhere, "solution-3-2")["source"] = AREA_STUB
    elsewhere["cells"].append(code(AREA))
    hand_in("anna", gone)
    hand_in("bob", elsewhere)
    verdicts = preflight(course / "submitted")
    assert [verdict.state for verdict in verdicts] == ["fine", "fine"]
    assert [verdict.notes for verdict in verdicts] == [
        ("The cell solution-3-2 is gone, and no other defines area.",),
        ("The cell solution-3-2 is untouched, but another cell defines area.",),
    ]
    assert next(report(verdicts)) == "To look at:"


# Files

SOLVED = "solved"  # stands for the bytes of a solved notebook

ENCODINGS = {
    "utf-8-sig": "Saved as UTF-8 without a byte order mark.",
    "utf-16": "Saved as UTF-8 without a byte order mark.",
    "cp1252": "Saved as UTF-8 without a byte order mark; it was read as Windows-1252, "
    "so look at its accented letters.",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_other_encodings_become_utf_8(encoding: str, course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    text = f"# größer\n{DOUBLE}"
    cell(notebook, "solution-3-1")["source"] = text
    path = hand_in("anna", json.dumps(notebook, ensure_ascii=False).encode(encoding))
    assert only(preflight(course / "submitted")).sentences == (ENCODINGS[encoding],)
    assert text in sources(assert_ready(path))


def test_a_notebook_of_version_3_is_upgraded(course: Path, hand_in: HandIn) -> None:
    old = nbformat.convert(nbformat.from_dict(solved()), 3)
    path = hand_in("anna", nbformat.writes(old, version=3).encode())
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences[0] == "Brought to version 4 of the notebook format."
    assert {DOUBLE, AREA} <= set(sources(assert_ready(path)))
    assert only(preflight(course / "submitted")).state == "fine"


@pytest.mark.parametrize("name", ["part3 (1).ipynb", "part3-anna.ipynb", "sub/part3.ipynb"])
@pytest.mark.parametrize("instead", ["nothing", "empty", "folder", "link"])
def test_a_notebook_of_another_name_is_taken(
    name: str, instead: str, course: Path, hand_in: HandIn
) -> None:
    content = hand_in("anna", solved(), f"part3/{name}").read_bytes()
    path = course / "submitted" / "anna" / "part3" / "part3.ipynb"
    absence = {
        "nothing": "There is no part3.ipynb",
        "empty": "part3.ipynb is empty",
        "folder": "part3.ipynb is a folder",
        "link": "part3.ipynb is a link",
    }[instead]
    if instead == "empty":
        path.touch()
    elif instead == "folder":
        path.mkdir()
    elif instead == "link":
        path.symlink_to(course / "release" / "part3" / "part3.ipynb")
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences[-1] == f"{absence}; {name} was taken for it."
    assert path.read_bytes() == content and not path.is_symlink()
    original = course / "set-aside" / "anna" / "part3" / "original"
    assert (original / name).read_bytes() == content
    assert os.path.lexists(original / "part3.ipynb") == (instead != "nothing")
    assert list(report(preflight(course / "submitted"))) == [
        "1 submission: 1 fine; nothing to change"
    ]


def test_a_folder_with_the_notebooks_name_may_hold_it(course: Path, hand_in: HandIn) -> None:
    hand_in("anna", solved(), "part3/part3.ipynb/part3.ipynb")
    assert only(preflight(course / "submitted")).state == "repaired"
    assert_ready(course / "submitted" / "anna" / "part3" / "part3.ipynb")
    assert only(preflight(course / "submitted")).state == "fine"


def test_a_renamed_notebook_is_repaired_too_and_keeps_its_time(
    course: Path, hand_in: HandIn
) -> None:
    notebook = solved()
    _remove(TESTS[0])(notebook)
    os.utime(hand_in("anna", notebook, "part3/mine.ipynb"), (1_000_000, 1_000_000))
    verdict = only(preflight(course / "submitted"))
    assert len(verdict.sentences) == 2
    path = course / "submitted" / "anna" / "part3" / "part3.ipynb"
    assert_ready(path)
    assert path.stat().st_mtime == 1_000_000


@pytest.mark.parametrize("folder", ["Part3", "part 3", "Part_3"])
def test_a_folder_of_another_name_is_renamed(folder: str, course: Path, hand_in: HandIn) -> None:
    hand_in("anna", solved(), f"{folder}/part3.ipynb")
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences == (f"The folder is called part3 now, not {folder}.",)
    assert_ready(course / "submitted" / "anna" / "part3" / "part3.ipynb")
    assert only(preflight(course / "submitted")).state == "fine"


def test_a_notebook_without_a_folder_gets_one(course: Path, hand_in: HandIn) -> None:
    loose = hand_in("anna", solved(), "part3.ipynb")
    assert only(preflight(course / "submitted")).state == "repaired"
    assert not loose.exists()
    assert_ready(course / "submitted" / "anna" / "part3" / "part3.ipynb")


def test_notebooks_without_a_folder_that_cannot_be_taken_are_set_aside(
    course: Path, hand_in: HandIn
) -> None:
    hand_in("anna", b"{", "part3.ipynb")
    hand_in("bob", solved(), "part3-a.ipynb")
    hand_in("bob", solved(), "part3-b.ipynb")
    verdicts = preflight(course / "submitted")
    assert [verdict.state for verdict in verdicts] == ["set aside", "set aside"]
    original = course / "set-aside" / "bob" / "part3" / "original"
    assert sorted(path.name for path in original.iterdir()) == ["part3-a.ipynb", "part3-b.ipynb"]
    assert not any((course / "submitted" / "bob").iterdir())


def test_links_are_moved_away_and_not_followed(course: Path, hand_in: HandIn) -> None:
    folder = hand_in("anna", solved()).parent
    secret = course / "gradebook.db"
    secret.write_text("grades")
    (folder / "data.csv").symlink_to(secret)
    (folder / "dangling").symlink_to(course / "nowhere")
    os.mkfifo(folder / "pipe")
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences == (
        "Neither files nor folders, so moved away: dangling, data.csv and pipe.",
    )
    assert sorted(path.name for path in folder.iterdir()) == ["part3.ipynb"]
    assert secret.read_text() == "grades"


def test_files_of_the_course_come_back_and_what_hides_modules_is_moved_away(
    course: Path, hand_in: HandIn
) -> None:
    (course / "release" / "part3" / "table.csv").write_text("1,2\n")
    (course / "release" / "part3" / "same.csv").write_text("1,2\n")
    folder = hand_in("anna", solved()).parent
    for name in ("random.py", "table.csv", "helper_of_anna.py", "notes.txt", "grading.py"):
        (folder / name).write_text("mine")
    (folder / "same.csv").write_text("1,2\n")
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").touch()
    (folder / "data").mkdir()  # without __init__.py it hides nothing
    verdict = only(preflight(course / "submitted"))
    assert verdict.sentences == (
        "Files of the course are as released again: table.csv.",
        "They would hide modules that the notebook needs, so moved away: "
        "grading.py, numpy and random.py.",
    )
    left = ["data", "helper_of_anna.py", "notes.txt", "part3.ipynb", "same.csv", "table.csv"]
    assert sorted(path.name for path in folder.iterdir()) == left
    assert (folder / "table.csv").read_text() == "1,2\n"
    kept = course / "set-aside" / "anna" / "part3" / "original"
    assert (kept / "table.csv").read_text() == "mine"
    assert (kept / "numpy" / "__init__.py").exists()


@pytest.mark.parametrize("stamp", [b"yesterday", b"\xff\xfe\x00", b"99999-01-01"])
def test_a_time_that_nbgrader_cannot_read_is_moved_away(
    stamp: bytes, course: Path, hand_in: HandIn
) -> None:
    folder = hand_in("anna", solved()).parent
    (folder / "timestamp.txt").write_bytes(stamp)
    assert only(preflight(course / "submitted")).sentences == (
        "timestamp.txt holds no time, so moved away; lateness is not known.",
    )
    assert not (folder / "timestamp.txt").exists()


def test_a_good_time_stays(course: Path, hand_in: HandIn) -> None:
    folder = hand_in("anna", solved()).parent
    (folder / "timestamp.txt").write_text("2026-02-02 14:58:23.948203 UTC\n")
    assert only(preflight(course / "submitted")).state == "fine"


# What takes a human


def _json(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def _with(change: Change) -> bytes:
    notebook = solved()
    change(notebook)
    return _json(notebook)


def _other_notebook() -> bytes:
    cells = [code("print('homework of another course')")]
    return _json({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


REFUSED: dict[str, tuple[bytes, str]] = {
    "broken_json": (
        _json({"cells": []})[:-1],
        "part3.ipynb is not JSON (Expecting ',' delimiter: line 1 column 13 (char 12)).",
    ),
    "empty": (b"", "part3.ipynb is empty."),
    "blank": (b" \n", "part3.ipynb is empty."),
    "binary": (bytes(range(256)), "part3.ipynb is not text in any encoding that is known here."),
    "no_notebook": (b"[1, 2]", "part3.ipynb is JSON, but not a notebook."),
    "no_cells": (b"{}", "part3.ipynb has no list of cells."),
    "cells_no_list": (_with(_top("cells", {"1": 2})), "part3.ipynb has no list of cells."),
    "cell_no_object": (
        _with(lambda notebook: notebook["cells"].append(None)),
        "part3.ipynb has something else than a cell in place 9.",
    ),
    "text_no_text": (
        _with(_field("solution-3-1", "source", [1, 2])),
        "part3.ipynb has something else than text in cell 3.",
    ),
    "half_a_character": (
        _with(_field("solution-3-1", "source", f"{DOUBLE}  # \ud83d")),
        "part3.ipynb holds half characters, which no file can hold.",
    ),
    "nested": (b"[" * 100_000, "part3.ipynb is nested too deeply to be read."),
    "large_text": (
        _with(lambda notebook: notebook["cells"].append(code("#" * 11_000_000))),
        "part3.ipynb has 11 MB even without its outputs.",
    ),
    "other_notebook": (
        _other_notebook(),
        "part3.ipynb has none of the cells to write in that the released part3 has, "
        "so it may be another notebook.",
    ),
    "version_3_damaged": (
        b'{"nbformat": 3, "worksheets": 7}',
        "part3.ipynb is of version 3 of the notebook format and cannot be upgraded",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_repaired_is_set_aside(fault: str, course: Path, hand_in: HandIn) -> None:
    content, sentence = REFUSED[fault]
    path = hand_in("anna", content)
    verdict = only(preflight(course / "submitted"))
    assert verdict.state == "set aside"
    assert " ".join(verdict.sentences).startswith(sentence)
    assert not path.parent.exists()
    place = course / "set-aside" / "anna" / "part3"
    assert (place / "original" / "part3" / "part3.ipynb").read_bytes() == content
    why = (place / "why.txt").read_text(encoding="utf-8")
    assert sentence in why and "0 points that nobody earned" in why

    again = preflight(course / "submitted")
    assert (only(again).state, only(again).earlier) == ("set aside", True)
    lines = list(report(again))
    assert lines[0].startswith("SET ASIDE, not graded")
    assert "anna, part3: (earlier)" in lines[1]
    assert lines[-1] == "1 submission: 1 set aside; nothing to change"


def test_several_candidates_are_set_aside(course: Path, hand_in: HandIn) -> None:
    hand_in("anna", solved(), "part3/part3 (1).ipynb")
    hand_in("anna", solved(), "part3/part3 (2).ipynb")
    assert only(preflight(course / "submitted")).sentences == (
        "There is no part3.ipynb, and it may be any of part3 (1).ipynb and part3 (2).ipynb.",
    )


def test_several_folders_are_set_aside(course: Path, hand_in: HandIn) -> None:
    hand_in("anna", solved(), "Part3/part3.ipynb")
    hand_in("anna", solved(), "part 3/part3.ipynb")
    verdicts = preflight(course / "submitted")
    assert [verdict.state for verdict in verdicts] == ["set aside", "set aside"]
    assert not any((course / "submitted" / "anna").iterdir())


def test_a_folder_without_a_notebook_is_set_aside(course: Path, hand_in: HandIn) -> None:
    hand_in("anna", b"x", "part3/model.py")
    assert only(preflight(course / "submitted")).sentences == ("There is no part3.ipynb.",)


def test_links_in_the_place_of_folders_are_set_aside(course: Path, hand_in: HandIn) -> None:
    hand_in("bob", solved())
    (course / "submitted" / "anna").mkdir()
    (course / "submitted" / "anna" / "part3").symlink_to(course / "submitted" / "bob" / "part3")
    (course / "submitted" / "carl").symlink_to(course / "submitted" / "bob")
    verdicts = preflight(course / "submitted")
    assert [verdict.state for verdict in verdicts] == ["set aside", "fine", "set aside"]
    assert [path.name for path in (course / "submitted").iterdir() if path.is_symlink()] == []
    assert (course / "submitted" / "bob" / "part3" / "part3.ipynb").is_file()


@pytest.mark.parametrize(
    "name", ["anna\nb", "anna[1]", b"anna\xff".decode(errors="surrogateescape")]
)
def test_students_that_nbgrader_cannot_find_are_set_aside(
    name: str, course: Path, hand_in: HandIn
) -> None:
    hand_in(name, solved())
    verdicts = preflight(course / "submitted")
    assert only(verdicts).state == "set aside"
    assert only(verdicts).assignment is None
    assert "\n" not in only(verdicts).name
    assert not any((course / "submitted").iterdir())
    assert only(preflight(course / "submitted")).earlier


def test_what_comes_back_mended_is_graded_and_what_fails_again_is_kept_apart(
    course: Path, hand_in: HandIn
) -> None:
    for content in (b"{", b"[", _json(solved())):
        hand_in("anna", content)
        verdict = only(preflight(course / "submitted"))
    assert verdict.state == "fine"
    place = course / "set-aside" / "anna" / "part3"
    assert (place / "original" / "part3" / "part3.ipynb").read_bytes() == b"{"
    assert (place / "original-2" / "part3" / "part3.ipynb").read_bytes() == b"["


def test_what_nobody_asked_for_is_told(course: Path, hand_in: HandIn) -> None:
    hand_in("anna", solved())
    hand_in("anna", solved(), "part3/part3 (1).ipynb")
    hand_in("anna", solved(), "part9/part9.ipynb")
    (course / "submitted" / "bob.zip").touch()
    verdicts = preflight(course / "submitted")
    assert list(report(verdicts)) == [
        "To look at:",
        "  anna, part3: Not graded, as they have another name: part3 (1).ipynb.",
        "  anna, part9: There is no such assignment in the release, so nothing is graded.",
        "  bob.zip: bob.zip is not a folder, so nbgrader does not see it.",
        "1 submission: 1 fine; nothing to change",
    ]


# The command


def course_command(*arguments: object) -> Result:
    result = CliRunner().invoke(app, ["preflight", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_command_tells_groups_and_a_summary(course: Path, hand_in: HandIn) -> None:
    repairable = solved()
    _remove(TESTS[0])(repairable)
    hand_in("anna", solved())
    hand_in("bob", repairable)
    hand_in("carl", b"{")
    before = files(course)
    result = course_command(course / "submitted", "--check")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "Would be set aside, not graded; nbgrader would export 0 points that nobody earned:",
        "  carl, part3: part3.ipynb is not JSON (Expecting property name enclosed in double "
        "quotes: line 1 column 2 (char 1)).",
        "Would be repaired:",
        "  bob, part3: Missing cells of the course are back: test-3-1-doubles.",
        "3 submissions: 1 fine, 1 to repair, 1 to set aside",
    ]
    assert files(course) == before

    result = course_command(course / "submitted")
    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith("SET ASIDE, not graded")
    assert result.output.splitlines()[-1] == "3 submissions: 1 fine, 1 repaired, 1 set aside"


def test_the_command_ends_with_0_where_nothing_was_set_aside(course: Path, hand_in: HandIn) -> None:
    notebook = solved()
    _remove(TESTS[0])(notebook)
    hand_in("anna", notebook)
    elsewhere = course / "elsewhere"
    (course / "release").rename(elsewhere)
    result = course_command(course / "submitted", "--release", elsewhere)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 submission: 1 repaired")


def test_wrong_use_is_told_in_one_sentence(course: Path) -> None:
    for arguments, words in (
        ([course / "nowhere"], "there is no folder"),
        ([course / "submitted", "--release", course / "nowhere"], "nbgrader generate_assignment"),
        ([course / "submitted", "--release", course / "submitted"], "there is no assignment"),
    ):
        result = course_command(*arguments)
        assert result.exit_code == 2
        assert words in result.output
    (course / "release" / "part3" / "part3.ipynb").write_text("{")
    with pytest.raises(PreflightError, match="is not a notebook of nbgrader's"):
        preflight(course / "submitted")


def test_without_nbgrader_the_command_says_how_to_install_it(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nbgrader", "grading.nbgrader.preflight", "grading.nbgrader.repair"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "nbgrader.utils", None)
    result = course_command(course / "submitted")
    assert result.exit_code == 2
    assert "pip install -e '.[notebooks]'" in result.output


# nbgrader itself


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a course directory; it finds Alembic on the path only."""
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env={**os.environ, "PATH": os.pathsep.join(folders), "JUPYTER_PLATFORM_DIRS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


# The faults in one notebook that is solved; each student should have all five points.
BATCH = {
    "copied": ("test_copied", "setup_copied", "solution_copied", "schema_negative"),
    "deleted": ("tests_deleted", "setup_deleted", "foreign_cell", "schema_too_new"),
    "lost": ("metadata_lost", "invalid_grade_id", "metadata_a_list"),
    "changed": ("points_changed", "unknown_keys", "schema_missing", "cell_ids_double"),
    "kernel": ("kernel_of_another_language", "outputs_deep", "test_made_solution"),
    "moved": ("setup_edited", "test_before_its_solution", "solution_made_raw"),
    "undone": ("solution_copied_as_stub", "test_copied_and_edited", "metadata_empty"),
}


def test_a_batch_with_all_faults_is_graded_to_its_end(course: Path, hand_in: HandIn) -> None:
    source = course / "source" / "part3" / "part3.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(source_notebook()), encoding="utf-8")
    done = nbgrader(course, "generate_assignment", "part3", "--force")
    assert done.returncode == 0, done.stderr
    assert sources(read(course / "release" / "part3" / "part3.ipynb")) == sources(released())

    expected = {"good": 5.0, "half": 3.0, "untouched": 0.0, "cheat": 2.0}
    hand_in("good", solved())
    half = solved()
    cell(half, "solution-3-2")["source"] = AREA_STUB
    hand_in("half", half)
    hand_in("untouched", released())
    cheat = solved()
    cell(cheat, "solution-3-1")["source"] = "def double(x):\n    return 7"
    cell(cheat, TESTS[0]).update(source="assert True")
    meta(cheat, TESTS[0]).update(points=100)
    hand_in("cheat", cheat)
    for student, faults in BATCH.items():
        notebook = solved()
        for fault in faults:
            FAULTS[fault][0](notebook)
        hand_in(student, notebook)
        expected[student] = 5.0
    folder = hand_in("files", b"\xef\xbb\xbf" + _json(solved())).parent
    (folder / "dangling").symlink_to(course / "nowhere")
    (folder / "random.py").write_text("raise SystemExit")
    (folder / "timestamp.txt").write_text("yesterday")
    old = nbformat.convert(nbformat.from_dict(solved()), 3)
    hand_in("names", nbformat.writes(old, version=3).encode(), "Part3/part3 (1).ipynb")
    expected |= {"files": 5.0, "names": 5.0}
    aside = {"a\nline", "a[1]", *(fault.replace("_", "-") for fault in REFUSED)}
    hand_in("a\nline", solved())
    hand_in("a[1]", solved())
    for fault, (content, _) in REFUSED.items():
        hand_in(fault.replace("_", "-"), content)

    verdicts = preflight(course / "submitted")
    states = {verdict.student: verdict.state for verdict in verdicts}
    fine = dict.fromkeys(("good", "half", "untouched"), "fine")
    repaired = dict.fromkeys(expected.keys() - fine.keys(), "repaired")
    assert states == {**fine, **repaired, **dict.fromkeys(aside, "set aside")}

    done = nbgrader(course, "autograde", "part3")
    assert done.returncode == 0, done.stderr

    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions("part3")
        scores = {one.student.id: (one.score, one.max_score) for one in submissions}
    assert scores == {student: (points, 5.0) for student, points in expected.items()}
