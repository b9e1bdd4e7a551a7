"""The `course` command: one thin function a command, heavy imports inside it.

There are those of the modules that are installed: a release for students has neither the
instructors' nor the maintainers' commands. This course has some of its own in `tutorial`, see
`Course.commands`.

Exit codes: 0 success, 1 failure, 2 wrong usage.
"""

from importlib import import_module
from importlib.util import find_spec

from grading import manifest
from grading.cli.shared import app, fail

__all__ = ["app"]

try:
    OWN = manifest.load().commands
except manifest.ManifestError:  # which each command will report
    OWN = ""


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # nor does its package, or this is no name of a module
        return False


if OWN and not _exists(OWN):

    @app.callback()
    def _refuse() -> None:
        fail(f"{manifest.MANIFEST}: commands names {OWN}, but there is no such module", code=2)


for module in ("grading.cli.students", OWN, "grading.cli.instructors", "authoring.commands"):
    if module and _exists(module):
        import_module(module)
