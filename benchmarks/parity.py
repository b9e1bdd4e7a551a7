"""The same points from `pytest` and from `course grade`: `python -m benchmarks.parity`.

Every module in tests/right and tests/wrong is checked twice with one seed: in process, as a student
does it, and in the sandbox, as an instructor does it. Points and state of each check must be the
same. Modules of different parts share a submission, which makes it six times cheaper.
`--every 20` takes only every 20th module of a part.
"""

import argparse
import ast
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from authoring.audit import TIME_LIMIT, Submission, submissions
from grading import manifest
from grading.batch.executors import processes
from grading.batch.records import Record
from grading.batch.run import Job, grade_all
from grading.feedback.results import task_results
from grading.feedback.run import run_checks
from grading.forks import in_forks, preload
from grading.manifest import Course

SEED = 20_240_229

Found = dict[str, tuple[int, str]]  # check → the points that it gave, and its state
Pack = dict[int, Submission]  # a module for each part, at most

PRELUDE = """\
def _provide():
    import sys, types
    for name, source in {sources!r}.items():
        module, package = types.ModuleType(name), types.ModuleType(name.rpartition(".")[0])
        sys.modules |= {{name: module, package.__name__: package}}
        setattr(package, name.rpartition(".")[2], module)
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
_provided = _provide()
"""


@dataclass(frozen=True)
class Comparison:
    """Results of the checks of one part on one module in two places."""

    submission: Submission
    here: Found
    there: Found
    places: tuple[str, str] = ("in process", "in the sandbox")

    @property
    def differences(self) -> Iterator[str]:
        """Each check whose result differs, in words."""
        for check in dict.fromkeys([*self.here, *self.there]):
            here, there = _in_words(self.here.get(check)), _in_words(self.there.get(check))
            if here != there:
                yield f"{check}: {here} {self.places[0]}, {there} {self.places[1]}"


def self_contained(course: Course, path: Path) -> bytes:
    """The module at `path` with everything that it imports from `solutions`, hidden from workers.

    The sources are inserted after the docstring and imports from `__future__`.
    """
    content = path.read_bytes()
    statements = ast.parse(content).body
    needed = sorted({name for node in statements for name in _imported_solutions(course, node)})
    if not needed:
        return content
    sources = {
        name: (course.root / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
        for name in needed
    }
    begin = next(node.lineno for node in statements if not _must_come_first(node)) - 1
    lines = content.splitlines(keepends=True)
    prelude = PRELUDE.format(sources=sources).encode()
    return b"".join([*lines[:begin], prelude, *lines[begin:]])


def compare(
    course: Course, chosen: Sequence[Submission], jobs: int, progress: Progress | None = None
) -> list[Comparison]:
    """Check every module both ways."""
    progress = progress or Progress(disable=True)
    with tempfile.TemporaryDirectory() as name:
        packs = dict(write_packs(course, chosen, Path(name)))
        here: dict[Path, Found] = {}
        work = partial(_in_process, course)
        preload(course.libraries)
        limit = len(course.parts) * TIME_LIMIT
        ran = in_forks(work, list(packs), jobs, limit)
        for folder, found in progress.track(ran, len(packs), description="in process"):
            if isinstance(found, Exception):
                raise RuntimeError(f"{_names(packs[folder])}: {found!r}")
            here[folder] = found
        there = sandboxed(course, list(packs), jobs, progress)
    return [
        Comparison(submission, of_part(here[folder], part), of_part(there[folder], part))
        for folder, pack in packs.items()
        for part, submission in pack.items()
    ]


def sandboxed(
    course: Course, folders: Sequence[Path], jobs: int, progress: Progress
) -> dict[Path, Found]:
    """Results of `course grade`, by submission."""
    graded = grade_all(
        [Job(course.root, folder, SEED, unsafe=False) for folder in folders], processes, jobs
    )
    found = {
        record.student_id: _of_record(record)
        for record in progress.track(graded, len(folders), description="in the sandbox")
    }
    return {folder: found[folder.name] for folder in folders}


def every(course: Course, n: int) -> list[Submission]:
    """Each n-th wrong or right module of every part."""
    parts = (part.number for part in course.parts)
    return [submission for part in parts for submission in list(submissions(course, [part]))[::n]]


def _imported_solutions(course: Course, node: ast.stmt) -> Iterator[str]:
    """The modules of the reference that a statement imports from, such as solutions.part3.model."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("solutions."):
        _, folder, *_ = str(node.module).split(".")
        part = course.part(int(folder.removeprefix("part")))
        yield f"solutions.{folder}.{Path(part.module).stem}"


def _must_come_first(node: ast.stmt) -> bool:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def write_packs(
    course: Course, chosen: Sequence[Submission], folder: Path
) -> Iterator[tuple[Path, Pack]]:
    """Submissions with one module per part, until all modules are used."""
    by_part = [[one for one in chosen if one.part == part.number] for part in course.parts]
    for number, row in enumerate(zip_longest(*by_part)):
        pack = {submission.part: submission for submission in row if submission is not None}
        for part, submission in pack.items():
            path = folder / f"{number:03}" / course.part(part).path
            path.parent.mkdir(parents=True)
            path.write_bytes(self_contained(course, submission.path))
        yield folder / f"{number:03}", pack


def _in_process(course: Course, folder: Path) -> Found:
    """Results of the checks on the modules of a submission, loaded into this process."""
    outcomes = [
        outcome
        for part in course.parts
        if (folder / part.path).exists()
        for outcome in run_checks(course, part, folder, SEED)
    ]
    return dict(
        _scored(result.task.id, outcome.check, outcome.points, outcome.state)
        for result in task_results(course, outcomes)
        for outcome in result.outcomes
    )


def _of_record(record: Record) -> Found:
    return dict(
        _scored(task.id, check.name, check.points, check.state)
        for task in record.tasks
        for check in task.checks
    )


def _scored(task: str, check: str, points: int, state: str) -> tuple[str, tuple[int, str]]:
    return f"{task} {check}", (points if state == "passed" else 0, state)


def of_part(found: Found, part: int) -> Found:
    return {check: end for check, end in found.items() if check.startswith(f"{part}.")}


def _in_words(end: tuple[int, str] | None) -> str:
    return "not run" if end is None else f"{end[1]} ({end[0]} points)"


def _names(pack: Pack) -> str:
    return ", ".join(submission.path.as_posix() for submission in pack.values())


def main() -> int:
    """Print the table and each difference; exit code 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th module")
    parser.add_argument("--jobs", type=int, default=2, help="submissions at a time (default: 2)")
    arguments = parser.parse_args()
    course, console, started = manifest.load(), Console(), time.monotonic()
    with Progress(console=console, disable=not console.is_terminal) as progress:
        compared = compare(course, every(course, arguments.every), arguments.jobs, progress)
    n_different = report(course, compared, console)
    console.print(f"in {time.monotonic() - started:.0f} s")
    return 1 if n_different else 0


def report(course: Course, compared: Sequence[Comparison], console: Console) -> int:
    """Print a table and each difference; returns the number of differences."""
    table = Table("part", "modules", "checks run", "same", "different")
    for part in course.parts:
        of_part = [one for one in compared if one.submission.part == part.number]
        different = sum(any(one.differences) for one in of_part)
        n_checks = sum(len(one.here) for one in of_part)
        counts = (part.number, len(of_part), n_checks, len(of_part) - different, different)
        table.add_row(*map(str, counts))
    console.print(table)
    found = [
        f"{one.submission.path.relative_to(course.root).as_posix()}: {difference}"
        for one in compared
        for difference in one.differences
    ]
    for line in found:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"goal: no difference: {'missed' if found else 'met'}; {len(compared)} modules")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
