"""The same points for the same code in a notebook: `python -m benchmarks.notebook_parity`.

Every module in tests/right and tests/wrong is converted to a notebook with a cell per definition.
`course grade` grades both; each check must give the same points. `--every 20` takes only every 20th
module of a part.
"""

import argparse
import ast
import json
import os
import sys
import tempfile
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise, zip_longest
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.progress import Progress

from authoring.audit import Submission, submissions
from benchmarks.parity import SEED, self_contained
from grading import manifest
from grading.batch.executors import processes
from grading.batch.records import Record
from grading.batch.run import Job, grade_all
from grading.manifest import Course

Points = dict[str, int]  # check → the points that it gave


@dataclass(frozen=True)
class Comparison:
    """The points of one module as a module and as a notebook."""

    submission: Submission
    module: Points
    notebook: Points

    @property
    def differences(self) -> Iterator[str]:
        for check in sorted(self.module.keys() | self.notebook.keys()):
            module, notebook = self.module.get(check), self.notebook.get(check)
            if module != notebook:
                yield f"{check}: {module} points as a module, {notebook} as a notebook"


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
    progress = progress or Progress(disable=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        packs = dict(_write_packs(course, chosen, folder))
        to_grade = [Job(course.root, path, SEED, unsafe=False) for path in packs]
        graded = grade_all(to_grade, processes, jobs)
        by_course = {
            record.student_id: _of_record(record)
            for record in progress.track(graded, len(packs), description="course grade")
        }
        return [
            Comparison(
                submission,
                by_course[path.name].get(number, {}),
                by_course[path.name.replace("module", "notebook")].get(number, {}),
            )
            for path, pack in packs.items()
            if path.name.startswith("module")
            for number, submission in pack.items()
        ]


def _write_packs(
    course: Course, chosen: Sequence[Submission], folder: Path
) -> Iterator[tuple[Path, Mapping[int, Submission]]]:
    """Submissions with a module for each part, and the same with notebooks."""
    by_part = [[one for one in chosen if one.part == part.number] for part in course.parts]
    for number, row in enumerate(zip_longest(*by_part)):
        pack = {one.part: one for one in row if one is not None}
        for kind in ("module", "notebook"):
            root = folder / "packs" / f"{kind}-{number:04}"
            for one in pack.values():
                part, content = course.part(one.part), self_contained(course, one.path)
                path = root / (part.path if kind == "module" else part.notebook)
                path.parent.mkdir(parents=True)
                path.write_bytes(content if kind == "module" else notebook(content))
            yield root, pack


def _of_record(record: Record) -> dict[int, Points]:
    found: dict[int, Points] = {}
    for task in record.tasks:
        for check in task.checks:
            points = check.points if check.state == "passed" else 0
            found.setdefault(int(task.id.split(".")[0]), {})[check.name] = points
    return found


def main() -> int:
    """Print each difference; exit code 1 if there is one."""
    course, console = manifest.load(), Console()
    parser = argparse.ArgumentParser(description=__doc__)
    numbers = [part.number for part in course.parts]
    parser.add_argument("--parts", type=int, nargs="+", default=numbers, help="default: all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth of a part")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    everything = list(submissions(course, arguments.parts))
    chosen = [
        one
        for number in arguments.parts
        for one in [one for one in everything if one.part == number][:: arguments.every]
    ]
    with Progress(console=console) as progress:
        compared = compare(course, chosen, arguments.jobs, progress)
    n_different = 0
    for comparison in compared:
        for difference in comparison.differences:
            n_different += 1
            name = comparison.submission.path.relative_to(course.root)
            console.print(f"{name}: {difference}", soft_wrap=True)
    checks = sum(len(comparison.module) for comparison in compared)
    told = {"submissions": len(compared), "checks": checks, "differences": n_different}
    console.print(json.dumps(told))
    return 1 if n_different or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
