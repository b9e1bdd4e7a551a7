"""A small course of nbgrader's: one part with two tasks, five points and a notebook in the form of
those of the course."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Notebook = dict[str, Any]

TODO = "    # YOUR CODE HERE\n    raise NotImplementedError()"  # as nbgrader writes it
STUB = f"def double(x):\n{TODO}"
DOUBLE = "def double(x):\n    return 2 * x"
AREA_STUB = f"def area(radius):\n{TODO}"
AREA = "def area(radius):\n    return math.pi * radius**2"


def _cell(id_: str, source: str, cell_type: str = "code", **flags: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": cell_type,
        "id": id_,
        "metadata": {},
        "source": source,
    }
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    if flags:
        off = {"grade": False, "locked": False, "solution": False, "task": False}
        cell["metadata"]["nbgrader"] = {"grade_id": id_, "schema_version": 3, **off, **flags}
    return cell


def source_notebook() -> Notebook:
    """The notebook that the release is made from."""
    notebook = _notebook()
    for solution in (cell(notebook, "solution-3-1"), cell(notebook, "solution-3-2")):
        marked = "    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
        solution["source"] = solution["source"].replace(TODO, marked)
    return notebook


def _notebook() -> Notebook:
    cells = [
        _cell("title", "# Part 3", "markdown"),
        _cell("setup", "import math", locked=True),
        _cell("solution-3-1", STUB, solution=True),
        _cell("test-3-1-doubles", "assert double(3) == 6", grade=True, locked=True, points=2),
        _cell("test-3-1-zero", "assert double(0) == 0", grade=True, locked=True, points=1),
        _cell("heading-3-2", "## 3.2", "markdown"),
        _cell("solution-3-2", AREA_STUB, solution=True),
        _cell(
            "test-3-2-area",
            "assert abs(area(2) - 4 * math.pi) < 1e-9",
            grade=True,
            locked=True,
            points=2,
        ),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def released() -> Notebook:
    """The notebook as `nbgrader generate_assignment` writes it."""
    import nbformat
    from nbgrader.utils import compute_checksum

    notebook = nbformat.from_dict(_notebook())
    for one in notebook.cells:
        if "nbgrader" in one.metadata:
            one.metadata.deletable = False
            if one.metadata.nbgrader.locked:
                one.metadata.editable = False
            one.metadata.nbgrader.cell_type = one.cell_type
            one.metadata.nbgrader.checksum = compute_checksum(one)
    return json.loads(json.dumps(notebook))


def solved() -> Notebook:
    """The released notebook with both solutions: five points."""
    notebook = released()
    cell(notebook, "solution-3-1")["source"] = DOUBLE
    cell(notebook, "solution-3-2")["source"] = AREA
    return notebook


def cell(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """The first cell with an id of the notebook's own."""
    return next(one for one in notebook["cells"] if one.get("id") == grade_id)


def place(notebook: Notebook, grade_id: str) -> int:
    return notebook["cells"].index(cell(notebook, grade_id))


def code(source: str) -> dict[str, Any]:
    """An ordinary cell as a student adds one."""
    return _cell("own-cell", source)


def duplicate(notebook: Notebook, grade_id: str, source: str | None = None) -> None:
    """Copy a cell and paste it below, as JupyterLab does: with metadata and a new id."""
    twin = copy.deepcopy(cell(notebook, grade_id))
    twin["id"] = f"copy-of-{grade_id}"
    if source is not None:
        twin["source"] = source
    notebook["cells"].insert(place(notebook, grade_id) + 1, twin)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course directory with a release and no submissions."""
    path = tmp_path / "release" / "part3" / "part3.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(released()), encoding="utf-8")
    (tmp_path / "submitted").mkdir()
    return tmp_path


@pytest.fixture
def hand_in(course: Path) -> Callable[..., Path]:
    """Hand in a notebook, or bytes under its name."""

    def hand_in(student: str, content: Notebook | bytes, name: str = "part3/part3.ipynb") -> Path:
        path = course / "submitted" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return hand_in
