"""The same points for the same code in a notebook: `python -m benchmarks.notebook_parity`.

Every module in tests/right and tests/wrong is converted to a notebook with a cell per definition.
`course grade` grades both; each check must give the same points. `--every 20` takes only every 20th
module of a part.
"""

import argparse
import ast
import os
import sys
import tempfile
import tokenize
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.progress import Progress

from authoring.audit import Submission
from benchmarks.parity import Comparison, Found, every, of_part, report, sandboxed, write_packs
from grading import manifest
from grading.manifest import Course


def cells(module: bytes) -> list[str]:
    """A module as the sources of cells: one for each definition, with the lines above it."""
    encoding, _ = tokenize.detect_encoding(BytesIO(module).readline)
    text = module.decode(encoding).replace("\r\n", "\n")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return [text]
    lines = text.split("\n")
    ends = [
        node.end_lineno or 0 for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    bounds = [0, *ends[:-1], len(lines)]
    chunks = ["\n".join(lines[begin:end]) for begin, end in pairwise(bounds)]
    return [chunk for chunk in chunks if chunk.strip()] or [text]


def notebook(module: bytes) -> bytes:
    """A notebook that holds the module."""
    return nbformat.writes(new_notebook(cells=list(map(new_code_cell, cells(module))))).encode()


def compare(
    course: Course,
    chosen: Sequence[Submission],
    jobs: int,
    progress: Progress | None = None,
) -> list[Comparison]:
    """Grade every module both ways."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # workers run under other users
        packs = dict(write_packs(course, chosen, folder))
        twins = {modules: modules.with_name(f"{modules.name}-notebooks") for modules in packs}
        for modules, notebooks in twins.items():
            for part in map(course.part, packs[modules]):
                path = notebooks / part.notebook
                path.parent.mkdir(parents=True)
                path.write_bytes(notebook((modules / part.path).read_bytes()))
        found = sandboxed(
            course, [*twins, *twins.values()], jobs, progress or Progress(disable=True)
        )
    return [
        Comparison(
            submission,
            _points(of_part(found[modules], part)),
            _points(of_part(found[twins[modules]], part)),
            ("as a module", "as a notebook"),
        )
        for modules, pack in packs.items()
        for part, submission in pack.items()
    ]


def _points(found: Found) -> Found:
    """Of states, only whether there are points for it."""
    return {check: (n, "passed" if n else "not passed") for check, (n, _) in found.items()}


def main() -> int:
    """Print each difference; exit code 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth of a part")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    course, console = manifest.load(), Console()
    with Progress(console=console) as progress:
        compared = compare(course, every(course, arguments.every), arguments.jobs, progress)
    return 1 if report(course, compared, console) else 0


if __name__ == "__main__":
    sys.exit(main())
