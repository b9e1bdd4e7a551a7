"""What students get: stubs in place of solutions, as the course writes them, and the figures."""

import re
import shutil
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from grading.build.stubs import stub

OWN_MARKER = re.compile(r"# BEGIN SOLUTION \d")


class CourseStubs(ClearSolutions):
    """Leaves `raise NotImplementedError("TODO 3.2: …")`, by which the checks know what is not
    started; nbgrader's own stub says nothing."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if not OWN_MARKER.search(cell.source):
            return super()._replace_solution_region(cell, language)
        cell.source = stub(cell.source, f"the cell {cell.get('id', '')}").rstrip("\n")
        return True


def add_figures(exercises: Path, assignment: str, student: str, notebooks: list[str]) -> None:
    """Put the lesson's figures beside the released notebook, or the page of feedback.

    nbgrader calls this once that is there. The figures are no part of the teacher's version, where
    they would be in the repository twice.
    """
    source = Path(notebooks[0]).parent  # source/part3, or autograded/anna/part3
    if source.parent.name == "source":
        target = source.parents[1] / "release" / assignment
    else:  # `student` is a pattern, where the command is for all of them
        target = source.parents[2] / "feedback" / source.parent.name / assignment
    figures = exercises / assignment / "figures"
    if figures.is_dir() and target.is_dir():
        shutil.copytree(figures, target / "figures", dirs_exist_ok=True)
