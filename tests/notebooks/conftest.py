"""What the tests of notebooks share: the course, and notebooks run by a real kernel."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from grading import manifest
from grading.manifest import Course

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def course() -> Course:
    return manifest.load(ROOT)


@pytest.fixture(scope="session")
def run() -> Callable[[NotebookNode], NotebookNode]:
    """Runs a notebook in the folder of the course; errors stay in the cells' outputs."""

    def run_notebook(notebook: NotebookNode) -> NotebookNode:
        client = NotebookClient(
            notebook,
            timeout=120,
            allow_errors=True,
            kernel_name="python3",
            resources={"metadata": {"path": str(ROOT)}},
        )
        return client.execute()

    return run_notebook


def of_cells(*sources: str) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])


def errors(notebook: NotebookNode) -> list[str]:
    """What is not right: errors, and whatever was written to stderr."""
    return [
        f"{cell.id}: {output.get('text') or output.get('evalue')}"
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
