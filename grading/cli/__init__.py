"""The `course` command: one thin function a command, heavy imports inside it.

A copy of the course has the commands of the modules that it contains: a release for students has
neither the instructors' nor the maintainers' commands.

Exit codes: 0 success, 1 failure, 2 wrong usage.
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
