"""A small course for nbgrader: one notebook, two functions, 5 points."""

import copy
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "grading" / "nbgrader" / "nbgrader_config.py"

RIGHT = {
    "answer-double": "def double(x):\n    return BASE * x",
    "answer-half": "def half(x):\n    return x / BASE",
}


def _roles(name: str, **roles: Any) -> dict:
    defaults = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **defaults, **roles}}


def _test(name: str, points: int, code: str) -> nbformat.NotebookNode:
    return new_code_cell(code, metadata=_roles(name, grade=True, locked=True, points=points))


def _answer(name: str) -> nbformat.NotebookNode:
    code = f"### BEGIN SOLUTION\n{RIGHT[name]}\n### END SOLUTION"
    return new_code_cell(code, metadata=_roles(name, solution=True))


def source() -> nbformat.NotebookNode:
    """The instructor's notebook: 2 points for `double`, 3 for `half`."""
    return new_notebook(
        cells=[
            new_code_cell("BASE = 2", metadata=_roles("setup", locked=True)),
            _answer("answer-double"),
            _test("test-double", 2, "assert double(4) == 8"),
            new_markdown_cell("Now the half.", metadata=_roles("story", locked=True)),
            _answer("answer-half"),
            _test("test-half", 3, "assert half(8) == 4"),
        ]
    )


@dataclass
class Toy:
    """The course's folder, and what came of the commands run in it."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        (self.root / "source" / "toy").mkdir(parents=True)
        shutil.copy(CONFIG, self.root)
        nbformat.write(source(), self.root / "source" / "toy" / "toy.ipynb")

    def nbgrader(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=self.root,
            env={**self.environment, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def released(self) -> nbformat.NotebookNode:
        return nbformat.read(self.root / "release" / "toy" / "toy.ipynb", as_version=4)

    def hand_in(
        self, student: str, answers: Mapping[str, str], first: Sequence[str] = ()
    ) -> nbformat.NotebookNode:
        """A submission with these answers, after cells with this code; can be changed and saved."""
        notebook = copy.deepcopy(self.released())
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
        notebook.cells[1:1] = [new_code_cell(code) for code in first]
        self.save(student, notebook)
        return notebook

    def save(self, student: str, notebook: nbformat.NotebookNode) -> None:
        self.submitted(student).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, self.submitted(student) / "toy.ipynb")

    def submitted(self, student: str) -> Path:
        return self.root / "submitted" / student / "toy"

    def graded(self, student: str) -> Path:
        return self.root / "autograded" / student / "toy" / "toy.ipynb"

    def printed(self, student: str) -> str:
        """All that came out of a student's cells."""
        notebook = nbformat.read(self.graded(student), as_version=4)
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        return "\n".join(output.get("text", output.get("evalue", "")) for output in outputs)

    def scores(self) -> dict[str, float]:
        """Student → points, as the gradebook adds them up for the export."""
        query = """
            SELECT student_id, sum(coalesce(manual_score, auto_score, 0))
            FROM grade
            JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
            JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
            GROUP BY student_id
        """
        with closing(sqlite3.connect(self.root / "gradebook.db")) as gradebook:
            return dict(gradebook.execute(query).fetchall())
