"""The system calls of right submissions in the sandbox: `python -m benchmarks.system_calls`.

Grades every module in tests/right, and the reference, under strace (apt install strace), and lists
the calls that confined workers make: how often, and how often they were refused. `ALLOWED` in
grading/sandbox/confine.py says which are permitted. Pass your own modules to see what they would
need. Exit code 1 if a right submission does not get all its points.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from authoring.audit import Submission, submissions
from benchmarks.parity import write_packs
from grading import manifest
from grading.batch import records
from grading.manifest import Course

CALL = re.compile(r"^(\w+)\((.*)\) += (-?\w+)(?: (E[A-Z]+))?")
DETAILED = {"fcntl": 1, "ioctl": 1, "prctl": 0, "clone": 1}  # the argument that the filter checks
LAST_STEP = "seccomp(SECCOMP_SET_MODE_FILTER"  # of confinement


def right(course: Course) -> list[Submission]:
    """The reference and the modules in tests/right, of all parts."""
    found = [one for part in course.parts for one in submissions(course, [part.number])]
    return [one for one in found if not one.path.is_relative_to(course.root / "tests" / "wrong")]


def calls_of_workers(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """All calls, and those refused, in the traces of processes that confine themselves."""
    made: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for trace in folder.iterdir():
        for call, error in _after_the_lock(trace):
            made[call] += 1
            if error in ("EPERM", "ENOSYS"):
                refused[call] += 1
    return made, refused


def _after_the_lock(trace: Path) -> Iterator[tuple[str, str | None]]:
    locked = False
    with trace.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            match = CALL.match(line)
            if match is None:
                continue
            name, arguments, result, error = match.groups()
            if locked:
                detail = arguments.split(", ")[DETAILED[name]] if name in DETAILED else ""
                yield f"{name} {detail}".strip(), error
            locked = locked or (line.startswith(LAST_STEP) and result == "0")


def main() -> int:
    """Print the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    if shutil.which("strace") is None:
        print("strace is not installed: apt install strace", file=sys.stderr)
        return 2
    course, console = manifest.load(), Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # workers run under other users
        packs = {
            path.name: pack for path, pack in write_packs(course, right(course), folder / "class")
        }
        (folder / "traces").mkdir()
        command = ["strace", "-ff", "-qq", "-s", "0", "-o", str(folder / "traces" / "of")]
        command += [sys.executable, "-m", "grading", "grade", str(folder / "class")]
        subprocess.run([*command, "--out", str(folder / "out"), "--jobs", "2"], check=False)
        made, refused = calls_of_workers(folder / "traces")
        graded = list(records.read_all(folder / "out" / "records"))
    table = Table("call", "made", "refused")
    for call, times in sorted(made.items()):
        table.add_row(call, str(times), str(refused[call] or ""))
    console.print(table)
    lost = [
        f"{record.student_id} {task.id}: {task.state}"
        for record in graded
        for task in record.tasks
        if task.score < task.max_score and records.part_of(task.id) in packs[record.student_id]
    ]
    for line in lost:
        console.print(line)
    console.print(f"{len(graded)} submissions; points lost in {len(lost)} tasks")
    return 1 if lost or len(graded) < len(packs) else 0


if __name__ == "__main__":
    sys.exit(main())
