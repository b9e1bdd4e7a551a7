"""nbgrader's settings, and how `nbgrader generate_assignment` converts the teacher's notebooks."""

import functools
import re
import shutil
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from authoring.stubs import stub
from grading import manifest

OWN_MARKER = re.compile(r"# BEGIN SOLUTION \d")


def configure(c: Config, folder: Path) -> None:
    """Set what differs from nbgrader's defaults.

    Args:
        folder: nbgrader's course: source/, submitted/, gradebook.db and so on.
    """
    c.CourseDirectory.root = str(folder)
    c.CourseDirectory.course_id = "movie-recommender"
    c.GenerateAssignment.preprocessors = [
        CourseStubs if step is ClearSolutions else step
        for step in GenerateAssignment.preprocessors.default()
    ]
    exercises = manifest.find_root(folder) / "exercises"
    c.GenerateAssignment.post_convert_hook = functools.partial(add_figures, exercises)
    c.Execute.timeout = 60  # seconds for a cell; the first import of torch can take 20
    # nbgrader gives no points for a test that prints a warning.
    c.IgnorePattern.pattern = "^"
    # Feedback by nbgrader and the pages of formgrader are opened with the instructor's rights.
    c.HTMLExporter.sanitize_html = True


class CourseStubs(ClearSolutions):
    """Leaves `raise NotImplementedError("TODO 3.2: …")`, by which the checks recognise a task that
    is not started; nbgrader's own stub has no such line."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if not OWN_MARKER.search(cell.source):
            return super()._replace_solution_region(cell, language)
        cell.source = stub(cell.source, f"the cell {cell.get('id', '')}").rstrip("\n")
        return True


def add_figures(exercises: Path, assignment: str, student: str, notebooks: list[str]) -> None:
    """Copy the lesson's figures next to the released notebook; nbgrader calls this afterwards.

    They are not in source/, so that the repository does not hold them twice.
    """
    target = Path(notebooks[0]).parents[2] / "release" / assignment
    figures = exercises / assignment / "figures"
    if figures.is_dir():
        shutil.copytree(figures, target / "figures", dirs_exist_ok=True)
