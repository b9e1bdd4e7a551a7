"""A large class on a Dask cluster that loses a worker and its scheduler: `python -m
benchmarks.cluster`.

Each student hands in the module of one part, right or wrong, as for a weekly deadline, and the
course that grades them has no other part. The cluster is started by the commands that an
administrator would use. One of its workers is killed on the way, and later the scheduler, after
which the cluster is started again and the same command resumes. The first students are also graded
by processes of this machine, as many as there are workers: their records must be the same both
times, but for their times. In the end, the figures are taken further, to 100,000 hand-ins.

Needs the extra `cluster`.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client
from rich.console import Console
from rich.table import Table

from authoring.audit import submissions
from benchmarks.parity import self_contained
from benchmarks.processes import children, command, family, share_of_memory
from grading import manifest
from grading.batch import records
from grading.batch.records import Record, without_times
from grading.manifest import Course, Part

SEED = 2000
MANY = 100_000  # hand-ins of an open course
EMPTY = 2000  # tasks that do nothing, to see what the cluster itself takes for one
LOOK = 1.0  # seconds between two looks at the records
GIVES_UP = 120.0  # seconds after which a run must have ended that has lost its scheduler
WORKERS = (2, 16, 64, 256)


@dataclass
class Run:
    """One way to grade the class; `memory`: the most that a worker and its children held, in MB."""

    name: str
    seconds: float = 0.0
    records: dict[str, Record] = field(default_factory=dict, repr=False)
    memory: float = 0.0
    events: list[str] = field(default_factory=list)


class Cluster:
    """A scheduler and its workers, each started by its command."""

    def __init__(self, n_workers: int, folder: Path) -> None:
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self.n_workers = n_workers
        self.log = folder / "cluster.log"
        self.start()

    def start(self) -> None:
        port = self.address.rpartition(":")[2]
        quiet = ["--no-dashboard"]
        self.scheduler = self._run("scheduler", "--host", "127.0.0.1", "--port", port, *quiet)
        count = ["--nworkers", str(self.n_workers), "--nthreads", "1", "--memory-limit", "0"]
        self.nannies = self._run("worker", self.address, *count, *quiet)
        with Client(self.address, timeout=60) as client:
            client.wait_for_workers(self.n_workers, timeout=60)

    def workers(self) -> list[int]:
        """The processes that do the work, oldest first."""
        return [pid for pid in children(self.nannies.pid) if "spawn_main" in command(pid)]

    def stop(self) -> None:
        for process in (self.nannies, self.scheduler):
            seen = list(family(process.pid))
            process.kill()
            process.wait()
            for one in seen:
                if one.runs:
                    os.kill(one.pid, signal.SIGKILL)

    def _run(self, *words: str) -> subprocess.Popen:
        with self.log.open("a") as log:
            command = [sys.executable, "-m", "dask", *words]
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.log.parent)


@contextmanager
def started(n_workers: int, folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(n_workers, folder)
    try:
        yield cluster
    finally:
        cluster.stop()


def write_course(course: Course, part: Part, folder: Path) -> Course:
    """The course without its other parts."""
    for room in (course.exercises, course.solutions):
        shutil.copytree(room / part.folder, folder / room.name / part.folder)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(course.root / name, folder)
    head, *parts = (course.root / manifest.MANIFEST).read_text(encoding="utf-8").split("[[part]]")
    (own,) = (text for text in parts if f"number = {part.number}\n" in text)
    (folder / manifest.MANIFEST).write_text(f"{head}[[part]]{own}", encoding="utf-8")
    return manifest.load(folder)


def write_class(course: Course, part: Part, folder: Path, n_students: int) -> None:
    """One module each, which is a submission of the audit drawn at random."""
    contents = [self_contained(course, one.path) for one in submissions(course, [part.number])]
    draw = random.Random(SEED)
    for number in range(n_students):
        path = folder / f"student-{number:05}" / part.path
        path.parent.mkdir(parents=True)
        path.write_bytes(draw.choice(contents))


def by_processes(course: Course, folder: Path, n_jobs: int, n_students: int) -> Run:
    """The first students."""
    some, out = folder / "some", folder / "processes"
    for path in sorted((folder / "class").iterdir())[:n_students]:
        shutil.copytree(path, some / path.name)
    started = time.monotonic()
    run = Run("processes of this machine")
    with _grading(course, some, out, "--jobs", str(n_jobs)) as process:
        _watch(process, run, lambda: list(children(process.pid)), lambda: False)
    return _finished(run, out, started)


def by_cluster(course: Course, folder: Path, n_workers: int, n_students: int) -> Run:
    """See the description of this file."""
    out, started_at = folder / "cluster", time.monotonic()
    run = Run("Dask cluster")

    def n_records() -> int:
        return len(list((out / "records").glob("*.json")))

    with started(n_workers, folder) as cluster:

        def grading() -> AbstractContextManager[subprocess.Popen]:
            return _grading(course, folder / "class", out, "--scheduler", cluster.address)

        with grading() as process:
            _watch(process, run, cluster.workers, lambda: n_records() >= n_students // 4)
            _refuse_ended(process)
            os.kill(cluster.workers()[0], signal.SIGKILL)
            run.events.append(f"worker killed after {n_records()} records")
            _watch(process, run, cluster.workers, lambda: n_records() >= n_students // 2)
            _refuse_ended(process)
            cluster.scheduler.kill()
            killed, before = time.monotonic(), n_records()
            process.wait(timeout=GIVES_UP)
        run.events.append(f"scheduler killed after {before} records")
        run.events.append(f"  after {time.monotonic() - killed:.0f} s: {_last_words(out)}")
        cluster.stop()
        cluster.start()
        with grading() as process:
            _watch(process, run, cluster.workers, lambda: False)
        run.events.append(f"resumed with {before} records: {_last_words(out)}")
    return _finished(run, out, started_at)


@contextmanager
def _grading(course: Course, folder: Path, out: Path, *more: str) -> Iterator[subprocess.Popen]:
    """`course grade` as a process, which is killed at the end if it still runs."""
    words = [sys.executable, "-m", "grading", "grade", str(folder), "--out", str(out)]
    with (
        out.with_suffix(".out").open("a") as log,
        subprocess.Popen(
            [*words, "--seed", str(SEED), *more], cwd=course.root, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _refuse_ended(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        sys.exit("the class was graded before anything could be killed; take more --students")


def _last_words(out: Path) -> str:
    lines = out.with_suffix(".out").read_text(encoding="utf-8").strip().splitlines()
    return next(line for line in reversed(lines) if not line.startswith("grades: "))


def _watch(
    process: subprocess.Popen,
    run: Run,
    workers: Callable[[], list[int]],
    enough: Callable[[], bool],
) -> None:
    """Until the process ends or there are enough records; notes the memory of the workers."""
    while process.poll() is None and not enough():
        for pid in workers():
            run.memory = max(run.memory, sum(share_of_memory(one.pid) for one in family(pid)))
        time.sleep(LOOK)


def _finished(run: Run, out: Path, started_at: float) -> Run:
    run.seconds = time.monotonic() - started_at
    run.records = {one.student_id: one for one in records.read_all(out / "records")}
    return run


def differences(some: Run, other: Run) -> list[str]:
    """The students of the first run whose records in the other differ in more than times."""
    return [
        student
        for student, record in some.records.items()
        if student not in other.records
        or without_times(other.records[student]) != without_times(record)
    ]


def overhead(n_workers: int, folder: Path) -> float:
    """Seconds that scheduler and client take for a task that does nothing."""
    with started(n_workers, folder) as cluster, Client(cluster.address) as client:
        client.gather(client.map(abs, range(100), pure=False))
        began = time.monotonic()
        client.gather(client.map(abs, range(EMPTY), pure=False))
        return (time.monotonic() - began) / EMPTY


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def main() -> int:
    """Print the tables; exit code 1 if a record differs or one is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument(
        "--alone", type=int, default=300, help="how many without the cluster, too (default: 300)"
    )
    parser.add_argument("--part", type=int, default=4, help="which they hand in (default: 4)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    whole, console = manifest.load(), Console()
    part = whole.part(arguments.part)
    n, n_workers = arguments.students, arguments.workers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        course = write_course(whole, part, folder / "course")
        write_class(whole, part, folder / "class", n)
        empty = overhead(n_workers, folder)
        console.print(f"the cluster takes {1000 * empty:.1f} ms for a task that does nothing")
        runs = []
        for run in (
            lambda: by_processes(course, folder, n_workers, arguments.alone),
            lambda: by_cluster(course, folder, n_workers, n),
        ):
            runs.append(run())
            console.print(f"{runs[-1].name}: {len(runs[-1].records)} records")
            for event in runs[-1].events:
                console.print(f"  {event}", markup=False, highlight=False, soft_wrap=True)
        shutil.rmtree(folder / "class")
    table = Table("graded by", "workers", "seconds", "per minute", "memory of a worker, MB")
    for one in runs:
        per_minute = f"{60 * len(one.records) / one.seconds:.0f}"
        row = (one.name, str(n_workers), f"{one.seconds:.0f}", per_minute, f"{one.memory:.0f}")
        table.add_row(*row)
    console.print(table)
    of_worker = n_workers * runs[-1].seconds / n
    console.print(f"a worker takes {of_worker:.2f} s for a hand-in of part {part.number}")
    projected = Table("workers", f"{MANY:,} hand-ins", "scheduler busy")
    for many in WORKERS:
        seconds = MANY * max(of_worker / many, empty)
        busy = min(1.0, empty * many / of_worker)
        projected.add_row(str(many), _in_words(seconds), f"{busy:.0%}")
    console.print(projected)
    compared, different = len(runs[0].records), differences(*runs)
    for student in different:
        console.print(f"another record on the cluster: {student}")
    met = not different and len(runs[-1].records) == n
    console.print(
        f"{compared - len(different)} of {compared} records are the same, and "
        f"{len(runs[-1].records)} of {n} are there: {'goal met' if met else 'goal missed'}"
    )
    return 0 if met else 1


def _in_words(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds / 60:.0f} minutes"


if __name__ == "__main__":
    sys.exit(main())
