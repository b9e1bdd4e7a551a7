"""Where a class is graded: the same grades on a cluster, also where a machine of it dies."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grading.batch.executors import cluster
from grading.batch.records import Record
from grading.batch.run import Job, grade_all
from grading.cli import grade_class
from grading.cli.grade_class import Request, run
from grading.errors import UsageError
from grading.manifest import Course
from tests.courses import CLASS, SCORES, Grader, without_times

distributed = pytest.importorskip("distributed")
SEED = 7


@pytest.fixture(scope="module")
def dask() -> Iterator["distributed.LocalCluster"]:
    """A cluster of two machines, as far as this one can play two."""
    with distributed.LocalCluster(
        n_workers=2, processes=True, threads_per_worker=1, dashboard_address=":0"
    ) as local:
        yield local


@pytest.fixture(scope="module")
def graded(dask: "distributed.LocalCluster", small: Course, submissions: Path) -> dict[str, Record]:
    """The class, graded on the cluster, one worker of which is killed when two are done."""
    jobs = [Job(small.root, submissions / student, SEED, unsafe=False) for student in CLASS]
    doomed = dask.workers[0].pid
    records = []
    for record in grade_all(jobs, lambda _: cluster(dask.scheduler_address), 2):
        records.append(record)
        if len(records) == 2:
            os.kill(doomed, signal.SIGKILL)
    assert sorted(record.student_id for record in records) == sorted(CLASS)
    return {record.student_id: record for record in records}


@pytest.mark.slow
def test_a_worker_of_the_cluster_that_is_killed_costs_nobody_a_grade(
    graded: dict[str, Record],
) -> None:
    assert {student: record.score for student, record in graded.items()} == SCORES
    assert {record.status for record in graded.values()} == {"complete", "ungradable"}


@pytest.mark.slow
def test_a_cluster_gives_the_grades_that_processes_give(
    graded: dict[str, Record], grader: Grader, submissions: Path
) -> None:
    for student in CLASS:
        alone = grader.grade_folder(submissions / student, SEED)
        assert without_times(graded[student]) == without_times(alone)


@pytest.mark.slow
def test_no_client_stays_connected(
    graded: dict[str, Record], dask: "distributed.LocalCluster"
) -> None:
    clients = [name for name in dask.scheduler.clients if name.startswith("Client-")]
    assert clients == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that waits for half a second only."""
    client = distributed.Client
    monkeypatch.setattr(
        distributed, "Client", lambda address, timeout: client(address, timeout=0.5)
    )


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere://127.0.0.1", "localhost:none"])
def test_a_scheduler_that_does_not_answer_is_named(address: str) -> None:
    with pytest.raises(UsageError, match=f"^no Dask scheduler answers at {address}: "):
        cluster(address)


@pytest.mark.usefixtures("impatient")
def test_the_command_says_so_and_grades_nothing(
    small: Course, submissions: Path, tmp_path: Path
) -> None:
    request = Request(submissions, tmp_path / "grades", jobs=1, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match=r"^no Dask scheduler answers at tcp://127\.0\.0\.1:9: "):
        run(small, request, Console(quiet=True))
    assert not list((tmp_path / "grades" / "records").iterdir())


class Gone(Executor):
    """A cluster that goes away: what it was to do is cancelled."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_cluster_that_goes_away_is_told_in_words(
    small: Course, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade_class, "cluster", lambda address: Gone())
    request = Request(submissions, tmp_path / "grades", jobs=1, scheduler="tcp://far:8786")
    with pytest.raises(UsageError, match="the cluster went away"):
        run(small, request, Console(quiet=True))


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install '\.\[cluster\]'"):
        cluster("tcp://127.0.0.1:8786")
