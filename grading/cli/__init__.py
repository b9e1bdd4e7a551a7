"""The `course` command: one thin function a command, heavy imports inside it.

There are those of the modules that are installed: a release for students has neither the
instructors' nor the maintainers' commands. A course may bring its own, see `Course.commands`.

Exit codes: 0 success, 1 failure, 2 wrong usage.
"""

from importlib import import_module
from importlib.util import find_spec

from grading import manifest
from grading.cli.shared import app

__all__ = ["app"]

try:
    OWN = manifest.load().commands
except manifest.ManifestError:  # which each command will report
    OWN = ""

for module in filter(
    None, ("grading.cli.students", OWN, "grading.cli.instructors", "authoring.commands")
):
    if find_spec(module.split(".")[0]) and find_spec(module):
        import_module(module)
