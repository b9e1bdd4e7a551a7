"""Notebooks run by a real kernel."""

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.courses import ROOT


def run(notebook: NotebookNode) -> NotebookNode:
    """Run a notebook in the folder of the course; errors stay in the cells' outputs."""
    return NotebookClient(
        notebook,
        timeout=120,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT)}},
    ).execute()


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
