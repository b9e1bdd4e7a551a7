"""A submitted notebook gets back what the release had: its cells' roles, and cells that went."""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, Notebook
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import NbGraderPreprocessor

ROLES = ("grade", "solution", "locked", "task", "points")
NOTE = "*The next cell was missing from the submission and has been put back.*"


class RestoreCells(NbGraderPreprocessor):
    """Sets the metadata of all cells anew, from the gradebook, and puts missing cells back.

    It is not a second `repair`: that one looks at what a student meant before a run, with names and
    sentences; this one holds for whatever is run, also where nobody called `course preflight`, and
    knows only what nbgrader remembers of the release.

    It takes the place of nbgrader's DeduplicateIds and of its `add_missing_cells`. With those, one
    copied cell stops the class, a deleted description costs the notebook its grade, a test with the
    tag "skip-execution" passes, and the locked cell that imports the checks stays away.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            released = _released(gradebook.find_notebook(names["notebook"], names["assignment"]))
        self._give_roles(nb, released)
        self._put_back(nb, released)
        return nb, resources

    def _give_roles(self, nb: NotebookNode, released: dict[str, NotebookNode]) -> None:
        """Each known name to the last cell that bears it; nothing else is said of any cell."""
        given: set[str] = set()
        for index in reversed(range(len(nb.cells))):
            cell = nb.cells[index]
            said = cell.metadata.get("nbgrader")
            said = said if isinstance(said, dict) else {}
            name = said.get("grade_id")
            cell.metadata = NotebookNode()
            if not isinstance(name, str) or name not in released:
                continue
            if name in given:
                self.log.warning("Cell %s is there more than once; the last one counts", name)
                continue
            given.add(name)
            right = released[name].metadata.nbgrader
            for role in ROLES:
                if said.get(role, right.get(role)) != right.get(role):
                    self.log.warning("Cell %s said %s: %r", name, role, said[role])
            if cell.cell_type != right.cell_type:
                cell = _new_cell(right.cell_type, cell.source)
                nb.cells[index] = cell
            cell.metadata = NotebookNode(nbgrader=right)

    def _put_back(self, nb: NotebookNode, released: dict[str, NotebookNode]) -> None:
        """Locked and graded cells, each before the next one that is there: after the student's code
        wherever that stands."""
        order = list(released)
        for position, (name, cell) in enumerate(released.items()):
            roles = cell.metadata.nbgrader
            places = {_name(present): index for index, present in enumerate(nb.cells)}
            if name in places or not (roles.grade or roles.locked or roles.task):
                continue
            self.log.warning("Cell %s is missing; it is put back", name)
            later = [places[other] for other in order[position + 1 :] if other in places]
            place = min(later, default=len(nb.cells))
            nb.cells[place:place] = [new_markdown_cell(NOTE), cell]


def _released(notebook: Notebook) -> dict[str, NotebookNode]:
    """Name → the cell as the gradebook remembers it, in the order of the release."""
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    roles = {
        "grade": {cell.name for cell in notebook.grade_cells},
        "solution": {cell.name for cell in notebook.solution_cells},
        "task": {cell.name for cell in notebook.task_cells},
    }
    cells = {}
    for source in notebook.source_cells:
        metadata: dict[str, Any] = {role: source.name in names for role, names in roles.items()}
        metadata |= {
            "schema_version": SCHEMA_VERSION,
            "grade_id": source.name,
            "locked": bool(source.locked),
            "cell_type": source.cell_type,
            "checksum": source.checksum,
        }
        if source.name in points:
            metadata["points"] = points[source.name]
        cell = _new_cell(source.cell_type, source.source)
        cell.metadata = NotebookNode(nbgrader=NotebookNode(metadata))
        cells[source.name] = cell
    return cells


def _new_cell(cell_type: str, source: str) -> NotebookNode:
    return new_code_cell(source) if cell_type == "code" else new_markdown_cell(source)


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")
