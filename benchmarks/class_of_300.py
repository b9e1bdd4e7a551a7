"""A class of 300, killed and resumed; memory of the grader: `python -m benchmarks.class_of_300`.

Writes a class: right and wrong work, stubs, half of the parts, folders and zip files, and one in
twenty with malicious code. Grades it with one job, with two, and again with two, where the main
process is killed halfway and the same command resumes. Each time, each student must get the same
points for each check; no process and no temporary folder may be left; the grader's memory must not
grow until the last record. (Writing the reports then needs more libraries.) Which limit ends a loop
that allocates memory is a matter of chance, and not compared.

A part whose code hangs takes seconds for each of its checks, by design.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from authoring.audit import submissions
from benchmarks.parity import self_contained
from benchmarks.processes import Process, children, command, family, left_after, memory
from grading import manifest
from grading.batch import records
from grading.batch.records import Record
from grading.manifest import Course

SEED = 300
GOAL_GROWTH = 0.10  # of the grader's memory, from the 50th record to the last
MARK = 50  # records
LOOK = 0.2  # seconds between two samples of the processes
KILLED = "--jobs 2, killed"
END_SECONDS = 5.0  # for all processes to exit after the main one

KINDS = {"right": 40, "wrong": 30, "stubs": 10, "half done": 15, "hostile": 5}  # in percent
HOSTILE = {
    "endless loop": "while True:\n    pass\n",
    "os._exit": "import os\n\nos._exit(0)\n",
    "memory balloon": "kept = []\nwhile True:\n    kept.append(bytearray(64 << 20))\n",
    "fork": "import os\n\nwhile True:\n    os.fork()\n",
    "forged answer": (
        "import os\n\n"
        'answer = b\'{"number": 1, "printed": "", "error": null}\'\n'
        "told = len(answer).to_bytes(4, 'little') + answer\n"
        "for message in (told, told):\n"
        "    os.write(3, len(message).to_bytes(4, 'little') + message)\n"
    ),
    "huge print": "for _ in range(200):\n    print('x' * 1_000_000)\n",
}


@dataclass(frozen=True)
class Sample:
    """Memory in MB at a number of records; `pool`: of the grading processes."""

    records: int
    main: float
    pool: float
    n_pool: int


@dataclass
class Run:
    """The result of one way to grade the class."""

    name: str
    seconds: float = 0.0
    exit_code: int | None = None
    records: dict[str, Record] = field(default_factory=dict, repr=False)
    samples: list[Sample] = field(default_factory=list, repr=False)
    left: list[str] = field(default_factory=list)  # processes that outlived the main one
    folders: list[str] = field(default_factory=list)  # temporary folders that were left

    def memory(self, n_records: int) -> Sample | None:
        """The last sample with at most that many records and all processes of the pool."""
        most = max((sample.n_pool for sample in self.samples), default=0)
        full = [s for s in self.samples if s.n_pool == most and s.records <= n_records]
        return full[-1] if full else None


class Grading:
    """A running `course grade`, and all processes seen to belong to it."""

    def __init__(self, course: Course, folder: Path, out: Path, jobs: int) -> None:
        self.out = out
        self.temporary = out.parent / f"{out.name}-temporary"
        self.temporary.mkdir(exist_ok=True)
        self.temporary.chmod(0o711)  # workers run under other users
        words = [sys.executable, "-m", "grading", "grade", str(folder), "--out", str(out)]
        words += ["--jobs", str(jobs), "--seed", str(SEED)]
        self.log = out.parent / f"{out.name}.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                words,
                cwd=course.root,
                env=os.environ | {"TMPDIR": str(self.temporary)},
                stdout=log,
                stderr=log,
            )
        self.seen: set[Process] = set()
        self.samples: list[Sample] = []

    @property
    def n_records(self) -> int:
        return len(list((self.out / "records").glob("*.json")))

    def run_until(self, enough: Callable[[], bool]) -> None:
        """Sample the processes until the main one ends or there are enough records."""
        while self.process.poll() is None and not enough():
            self.seen |= set(family(self.process.pid))
            pool = [pid for pid in children(self.process.pid) if "spawn_main" in command(pid)]
            sizes = [memory(pid) for pid in pool]
            main = memory(self.process.pid)
            self.samples.append(Sample(self.n_records, main, sum(sizes), len(pool)))
            time.sleep(LOOK)

    def left(self) -> list[str]:
        """The command lines of processes that outlive the main one."""
        return [process.command for process in left_after(self.seen, END_SECONDS)]

    def folders(self) -> list[str]:
        """The grader's temporary folders that exist; torch keeps its own."""
        return sorted(path.name for path in self.temporary.glob("course-grade-*"))


# The class


def write_class(course: Course, folder: Path, n_students: int) -> Counter[str]:
    """Write the submissions, every third as a zip; returns the number of each kind."""
    random_state = random.Random(SEED)
    audited = {
        kind: {part: cycle(_audited(course, kind, part.number)) for part in course.parts}
        for kind in ("right", "wrong")
    }
    harms = cycle(HOSTILE)
    counts: Counter[str] = Counter()
    for number, kind in enumerate(_kinds(random_state, n_students)):
        harm = next(harms) if kind == "hostile" else ""
        target = random_state.choice(course.parts)
        root = folder / f"student-{number:03}"
        for part in course.parts:
            if kind in audited:
                content = self_contained(course, next(audited[kind][part]))
            elif harm and part == target:
                content = HOSTILE[harm].encode()
            elif harm or (kind == "half done" and part.number <= len(course.parts) // 2):
                content = (course.solutions / part.path).read_bytes()
            else:  # not exercises/, which may hold somebody's work
                content = (course.root / manifest.PRISTINE / part.path).read_bytes()
            path = root / part.path
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        if number % 3 == 0:
            shutil.make_archive(str(root), "zip", root)
            shutil.rmtree(root)
        counts[f"{kind}: {harm}" if harm else kind] += 1
    return counts


def _kinds(random_state: random.Random, n_students: int) -> list[str]:
    """What each student submits: a fixed number of hostile ones, the others at random."""
    n_hostile = max(1, n_students * KINDS["hostile"] // 100)
    others = [kind for kind in KINDS if kind != "hostile"]
    weights = [KINDS[kind] for kind in others]
    chosen = random_state.choices(others, weights, k=n_students - n_hostile)
    chosen += ["hostile"] * n_hostile
    random_state.shuffle(chosen)
    return chosen


def _audited(course: Course, kind: str, part: int) -> list[Path]:
    return [one.path for one in submissions(course, [part]) if one.kind == kind]


# Three ways to grade it


def grade_class(course: Course, folder: Path, out: Path, jobs: int) -> Run:
    """Grade all without interruption."""
    started = time.monotonic()
    grading = Grading(course, folder, out, jobs)
    grading.run_until(lambda: False)
    run = Run(f"--jobs {jobs}", time.monotonic() - started, grading.process.returncode)
    return _finish(run, grading)


def grade_and_kill(course: Course, folder: Path, out: Path, enough: int) -> Run:
    """Grade with two jobs; the main process is killed after a number of records."""
    started = time.monotonic()
    grading = Grading(course, folder, out, jobs=2)
    grading.run_until(lambda: grading.n_records >= enough)
    grading.seen |= set(family(grading.process.pid))
    grading.process.kill()
    exit_code = grading.process.wait()
    return _finish(Run(KILLED, time.monotonic() - started, exit_code), grading)


def _finish(run: Run, grading: Grading) -> Run:
    run.left = grading.left()
    run.folders = grading.folders()
    run.samples = grading.samples
    run.records = {r.student_id: r for r in records.read_all(grading.out / "records")}
    return run


def grade(record: Record) -> dict[str, object]:
    """What a student gets: the points of each check, and whether all could be run."""
    points = {
        f"{task.id} {check.name}": check.points if check.state == "passed" else 0
        for task in record.tasks
        for check in task.checks
    }
    return {"status": record.status, "score": record.score, **points}


def differences(one: Run, other: Run) -> list[str]:
    """Each student whose grade differs, with the checks that differ."""
    found = []
    for student in sorted(one.records.keys() | other.records.keys()):
        records_ = [run.records.get(student) for run in (one, other)]
        here, there = (grade(record) if record else {} for record in records_)
        fields = [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)]
        if fields:
            found.append(f"{student}: {', '.join(sorted(fields))}")
    return found


# What came out


def growth(run: Run, n_students: int) -> dict[str, float]:
    """How much the memory of main and pool grew from the mark to the last record."""
    before, after = run.memory(min(MARK, n_students // 2)), run.memory(n_students - 1)
    if before is None or after is None:
        return {}
    return {"main": after.main / before.main - 1, "pool": after.pool / before.pool - 1}


def memory_table(runs: list[Run], n_students: int) -> Table:
    mark = min(MARK, n_students // 2)
    table = Table("run", f"main at record {mark}, MB", "before the last", "growth")
    for heading in (f"pool at record {mark}, MB", "before the last", "growth"):
        table.add_column(heading)
    for run in runs:
        before, after, grown = run.memory(mark), run.memory(n_students - 1), growth(run, n_students)
        if before and after:
            main = (f"{before.main:.0f}", f"{after.main:.0f}", f"{grown['main']:+.1%}")
            pool = (f"{before.pool:.0f}", f"{after.pool:.0f}", f"{grown['pool']:+.1%}")
            table.add_row(run.name, *main, *pool)
    return table


def run_table(runs: list[Run], n_students: int) -> Table:
    table = Table("run", "seconds", "exit", "records", "complete", "processes left", "folders left")
    for run in runs:
        complete = sum(record.status == "complete" for record in run.records.values())
        counts = (len(run.records), complete, len(run.left), len(run.folders))
        table.add_row(run.name, f"{run.seconds:.0f}", str(run.exit_code), *map(str, counts))
    return table


def faults(runs: list[Run], n_students: int) -> Iterator[str]:
    """Every violated expectation."""
    for run in runs:
        yield from (f"{run.name}: a process is left: {command}" for command in run.left)
    whole = [run for run in runs if run.name != KILLED]
    for run in whole:
        if run.exit_code != 0:
            yield f"{run.name}: exit code {run.exit_code}"
        if len(run.records) != n_students:
            yield f"{run.name}: {len(run.records)} records of {n_students} students"
        for record in run.records.values():
            if record.status != "complete":
                yield f"{run.name}: {record.student_id} is {record.status}: {record.reason}"
        yield from (f"{run.name}: a temporary folder is left: {name}" for name in run.folders)
        for difference in differences(whole[0], run):
            yield f"{run.name}: another grade than with {whole[0].name}: {difference}"
    for run in runs[:2]:
        for what, grown in growth(run, n_students).items():
            if grown >= GOAL_GROWTH:
                yield f"{run.name}: the memory of {what} grew by {grown:.1%}"
    for killed, resumed in pairwise(runs[2:]):
        if killed.exit_code != -signal.SIGKILL or not 0 < len(killed.records) < n_students:
            yield f"{killed.name}: not killed in its middle"
        for student, record in killed.records.items():
            if resumed.records.get(student) != record:
                yield f"{resumed.name}: {student} had a record and was graded again"


def three_ways(course: Course, folder: Path, n_students: int) -> Iterator[Run]:
    """One job; two jobs; two jobs, killed halfway and resumed."""
    for jobs in (1, 2):
        yield grade_class(course, folder, folder.parent / f"jobs-{jobs}", jobs)
    out = folder.parent / "killed"
    yield grade_and_kill(course, folder, out, n_students // 2)
    yield replace(grade_class(course, folder, out, jobs=2), name="--jobs 2, resumed")


def main() -> int:
    """Print the tables; exit code 1 if an expectation is violated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300, help="how many (default: 300)")
    arguments = parser.parse_args()
    course, console, n_students = manifest.load(), Console(), arguments.students
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o711)
        counts = write_class(course, root / "class", n_students)
        for run in three_ways(course, root / "class", n_students):
            runs.append(run)
            console.print(f"{run.name}: {len(run.records)} records in {run.seconds:.0f} s")
    found = list(faults(runs, n_students))
    kinds = Table("work", "students")
    for kind, count in sorted(counts.items()):
        kinds.add_row(kind, str(count))
    for table in (kinds, run_table(runs, n_students), memory_table(runs, n_students)):
        console.print(table)
    for line in found:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    goals = (
        "the same grade for each student, all complete, no process and no folder left, "
        f"memory grows by less than {GOAL_GROWTH:.0%}"
    )
    console.print(f"goals: {goals}: {'missed' if found else 'met'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
