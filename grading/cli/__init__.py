"""The `course` command: one thin function a command, heavy imports inside it.

A copy of the course has the commands of those modules that it holds: a release for students has
neither those of instructors nor those of authors.

Exit codes: 0 done, 1 something is not right, 2 wrong use.
"""

from importlib import import_module
from importlib.util import find_spec

from grading.cli.shared import app

__all__ = ["app"]

for package, module in (
    ("grading", "grading.cli.students"),
    ("tutorial", "tutorial.commands"),
    ("grading", "grading.cli.instructors"),
    ("authoring", "authoring.commands"),
):
    if find_spec(package) and find_spec(module):
        import_module(module)
