"""What is done to a submitted folder before nbgrader touches it."""

import os
from pathlib import Path

from traitlets.log import get_logger

TEXT = "Here was a link to {}; nothing was handed in under this name.\n"


def replace_links(assignment: str, student: str, notebooks: list[str]) -> None:
    """Put a text in the place of each link; nbgrader calls this once for each student.

    It would follow links, and so copy any file that the instructor can read, the solution for one,
    to where the student's code reads it.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for place, folders, files in os.walk(folder):
            for path in (Path(place) / name for name in (*folders, *files)):
                if path.is_symlink():
                    target = os.readlink(path)
                    get_logger().warning("%s is a link to %s; it is not followed", path, target)
                    path.unlink()
                    path.write_text(TEXT.format(target), encoding="utf-8")
