"""A class of 300, killed and resumed; memory of the grader: `python -m benchmarks.class_of_300`.

Writes a class: right and wrong work, stubs, half of the parts, folders and zip files, and one in
twenty with code that means harm. Grades it with one job, with two, and once more with two, where
the main process is killed halfway and the same command goes on. Whatever the way, each student
must get the same record; no process and no temporary folder may stay; the grader must not grow.

A part whose code hangs costs seconds for each of its checks, on purpose.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.parity import self_contained
from benchmarks.processes import Process, children, family, left_after, memory
from grading import manifest
from grading.audit import Submission, submissions
from grading.batch import records
from grading.batch.records import Record
from grading.manifest import Course

SEED = 300
GOAL_GROWTH = 0.10  # of the grader's memory, from the 50th record to the last
MARK = 50  # records
LOOK = 0.2  # seconds between two looks at the processes
END_SECONDS = 5.0  # for all processes to be gone once the main one is

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
    """Memory in MB when so many records were there; `pool`: of the processes that grade."""

    records: int
    main: float
    pool: float
    n_pool: int


@dataclass
class Run:
    """What came of one way to grade the class."""

    name: str
    seconds: float = 0.0
    exit_code: int | None = None
    records: dict[str, Record] = field(default_factory=dict, repr=False)
    samples: list[Sample] = field(default_factory=list, repr=False)
    left: list[str] = field(default_factory=list)  # processes that outlived the main one
    folders: list[str] = field(default_factory=list)  # temporary ones that stayed

    def memory(self, n_records: int) -> Sample | None:
        """The last sample with at most so many records and all processes of the pool."""
        most = max((sample.n_pool for sample in self.samples), default=0)
        full = [s for s in self.samples if s.n_pool == most and s.records <= n_records]
        return full[-1] if full else None


class Grading:
    """A `course grade` under way, and all processes that it was seen to have."""

    def __init__(self, course: Course, folder: Path, out: Path, jobs: int) -> None:
        self.out = out
        self.temporary = out.parent / f"{out.name}-temporary"
        self.temporary.mkdir(exist_ok=True)
        self.temporary.chmod(0o711)  # workers have users of their own
        command = [sys.executable, "-m", "grading", "grade", str(folder), "--out", str(out)]
        command += ["--jobs", str(jobs), "--seed", str(SEED)]
        self.log = out.parent / f"{out.name}.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
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
        """Look at the processes until the main one ends, or there is enough."""
        while self.process.poll() is None and not enough():
            self.seen |= set(family(self.process.pid))
            pool = [pid for pid in children(self.process.pid) if "spawn_main" in _command(pid)]
            sizes = [memory(pid) for pid in pool]
            main = memory(self.process.pid)
            self.samples.append(Sample(self.n_records, main, sum(sizes), len(pool)))
            time.sleep(LOOK)

    def left(self) -> list[str]:
        """The command lines of the processes that outlive the main one."""
        return [process.command for process in left_after(self.seen, END_SECONDS)]

    def folders(self) -> list[str]:
        """The temporary folders that are there."""
        return sorted(path.name for path in self.temporary.iterdir())


def _command(pid: int) -> str:
    return Process(pid, 0).command


# The class


def write_class(course: Course, folder: Path, n_students: int) -> Counter[str]:
    """Write the submissions; returns how many there are of each kind."""
    random_state = random.Random(SEED)
    texts = {
        kind: {
            part.number: cycle(_texts(course, kind, part.number, n_students))
            for part in course.parts
        }
        for kind in ("right", "wrong")
    }
    hostile = cycle(HOSTILE.items())
    n_hostile = max(1, n_students * KINDS["hostile"] // 100)
    others = [kind for kind in KINDS if kind != "hostile"]
    chosen = random_state.choices(others, [KINDS[kind] for kind in others], k=n_students)
    chosen[:n_hostile] = ["hostile"] * n_hostile
    random_state.shuffle(chosen)
    counts: Counter[str] = Counter()
    for number, kind in enumerate(chosen):
        root = folder / f"student-{number:03}"
        name, harm = next(hostile) if kind == "hostile" else ("", "")
        target = random_state.choice(course.parts)
        for part in course.parts:
            path = root / part.path
            path.parent.mkdir(parents=True)
            solved = kind == "hostile" or (kind == "half done" and part.number <= 3)
            if kind in texts:
                path.write_bytes(next(texts[kind][part.number]))
            elif kind == "hostile" and part == target:
                path.write_text(harm, encoding="utf-8")
            else:
                source = course.solutions if solved else manifest_stubs(course)
                shutil.copy(source / part.path, path)
        if number % 3 == 0:
            shutil.make_archive(str(root), "zip", root)
            shutil.rmtree(root)
        counts[f"{kind}: {name}" if name else kind] += 1
    return counts


def manifest_stubs(course: Course) -> Path:
    """Untouched stubs: those in `exercises/` may be somebody's work."""
    return course.root / manifest.PRISTINE


def _texts(course: Course, kind: str, part: int, most: int) -> Iterator[bytes]:
    of_kind: list[Submission] = [one for one in submissions(course, [part]) if one.kind == kind]
    for submission in of_kind[:most]:
        yield self_contained(course, submission.path)


# Three ways to grade it


def grade_class(course: Course, folder: Path, out: Path, jobs: int) -> Run:
    """From the first to the last without a break."""
    started = time.monotonic()
    grading = Grading(course, folder, out, jobs)
    grading.run_until(lambda: False)
    run = Run(f"--jobs {jobs}", time.monotonic() - started, grading.process.returncode)
    return _finish(run, grading)


def kill_and_resume(course: Course, folder: Path, out: Path, half: int) -> tuple[Run, Run]:
    """With two jobs; killed once half of the records are there, and started again."""
    started = time.monotonic()
    first = Grading(course, folder, out, jobs=2)
    first.run_until(lambda: first.n_records >= half)
    first.seen |= set(family(first.process.pid))
    first.process.kill()
    killed = Run("--jobs 2, killed", exit_code=first.process.wait(), left=first.left())
    killed.records = {record.student_id: record for record in records.read_all(out / "records")}
    killed.folders = first.folders()
    killed.samples = first.samples
    killed.seconds = time.monotonic() - started
    resumed = grade_class(course, folder, out, jobs=2)
    return killed, replace(resumed, name="--jobs 2, resumed")


def _finish(run: Run, grading: Grading) -> Run:
    run.left = grading.left()
    run.folders = grading.folders()
    run.samples = grading.samples
    run.records = {r.student_id: r for r in records.read_all(grading.out / "records")}
    return run


def timeless(record: Record) -> Record:
    """The record without when and how long."""
    tasks = tuple(replace(task, seconds=0.0) for task in record.tasks)
    return replace(record, started="", seconds=0.0, tasks=tasks)


def differences(one: Run, other: Run) -> list[str]:
    """Each student whose record is not the same, with the fields that differ."""
    found = []
    for student in sorted(one.records.keys() | other.records.keys()):
        records_ = [run.records.get(student) for run in (one, other)]
        here, there = (asdict(timeless(record)) if record else {} for record in records_)
        fields = [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)]
        if fields:
            found.append(f"{student}: {', '.join(sorted(fields))}")
    return found


# What came out


def growth(run: Run, n_students: int) -> dict[str, float]:
    """How much the memory of main and pool grew from the mark to the last record."""
    before, after = run.memory(min(MARK, n_students // 2)), run.memory(n_students)
    if before is None or after is None:
        return {}
    return {"main": after.main / before.main - 1, "pool": after.pool / before.pool - 1}


def memory_table(runs: list[Run], n_students: int) -> Table:
    mark = min(MARK, n_students // 2)
    table = Table("run", f"main at record {mark}, MB", "at the last", "growth")
    for heading in (f"pool at record {mark}, MB", "at the last", "growth"):
        table.add_column(heading)
    for run in runs:
        before, after, grown = run.memory(mark), run.memory(n_students), growth(run, n_students)
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
    """Whatever is not as it should be."""
    whole = [run for run in runs if "killed" not in run.name]
    for run in runs:
        yield from (f"{run.name}: a process is left: {command}" for command in run.left)
    for run in whole:
        yield from (f"{run.name}: a temporary folder is left: {name}" for name in run.folders)
        if len(run.records) != n_students:
            yield f"{run.name}: {len(run.records)} records of {n_students} students"
        for record in run.records.values():
            if record.status != "complete":
                yield f"{run.name}: {record.student_id} is {record.status}: {record.reason}"
        if run.exit_code != 0:
            yield f"{run.name}: exit code {run.exit_code}"
        yield from (
            f"{run.name}: another record than {whole[0].name}: {text}"
            for text in differences(whole[0], run)
        )
    for run in whole[:2]:
        for what, grown in growth(run, n_students).items():
            if grown >= GOAL_GROWTH:
                yield f"{run.name}: the memory of {what} grew by {grown:.1%}"


def main() -> int:
    """Print the tables; exit code 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300, help="how many (default: 300)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what came out as well")
    arguments = parser.parse_args()
    course, console, n_students = manifest.load(), Console(), arguments.students
    with tempfile.TemporaryDirectory() as name:
        root, folder = Path(name), Path(name) / "class"
        root.chmod(0o711)
        counts = write_class(course, folder, n_students)
        runs = []
        for jobs in (1, 2):
            runs.append(grade_class(course, folder, root / f"jobs-{jobs}", jobs))
            console.print(f"{runs[-1].name}: {runs[-1].seconds:.0f} s")
        runs += kill_and_resume(course, folder, root / "killed", n_students // 2)
    kinds = Table("work", "students")
    for kind, count in sorted(counts.items()):
        kinds.add_row(kind, str(count))
    for table in (kinds, run_table(runs, n_students), memory_table(runs, n_students)):
        console.print(table)
    found = list(faults(runs, n_students))
    for line in found:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if arguments.json:
        plain = {"students": n_students, "class": counts, "faults": found}
        plain["runs"] = [_plain(run, n_students) for run in runs]
        arguments.json.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    goals = (
        "the same record for each student, all complete, no process and no folder left, "
        f"memory grows by less than {GOAL_GROWTH:.0%}"
    )
    console.print(f"goals: {goals}: {'missed' if found else 'met'}")
    return 1 if found else 0


def _plain(run: Run, n_students: int) -> dict:
    """A run for JSON: instead of the records, the points that they give."""
    return asdict(replace(run, records={})) | {
        "records": {student: record.score for student, record in sorted(run.records.items())},
        "growth": growth(run, n_students),
    }


if __name__ == "__main__":
    sys.exit(main())
