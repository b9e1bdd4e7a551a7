"""Run many small jobs, each in a process of its own with a time limit, from a warm parent."""

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any, Generic, TypeVar

from grading.clocks import Stopwatch

Job = TypeVar("Job")
Result = TypeVar("Result")


CAN_FORK = "fork" in multiprocessing.get_all_start_methods()


class TimedOut(Exception):
    """The job did not end within its limit and was stopped."""


class Died(Exception):
    """The job's process ended without a result."""


class _Running(Generic[Job]):
    """One job under way."""

    def __init__(
        self, context: BaseContext, work: Callable[[Job], Any], job: Job, limit: float
    ) -> None:
        self.job = job
        self.limit = limit
        self.answer, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_serve, args=(theirs, work, job))  # type: ignore[attr-defined]
        self.process.start()
        self.clock = Stopwatch(self.process.pid)
        theirs.close()

    @property
    def left(self) -> float:
        """Seconds of its limit."""
        return self.limit - self.clock.spent().own

    def outcome(self) -> Any:
        """The result, or the exception that took its place. Ends the process."""
        try:
            if not self.answer.poll():
                return TimedOut()
            return self.answer.recv()
        except EOFError:
            return Died()
        finally:
            self.answer.close()
            self.process.kill()
            self.process.join()


def in_forks(
    work: Callable[[Job], Result], jobs: Sequence[Job], workers: int, limit: float
) -> Iterator[tuple[Job, Result | Exception]]:
    """`work(job)` for each job, as they end: the result, or the exception that took its place.

    Where the system can fork, the processes start with all that this one has imported. `limit` is
    in seconds, on Linux without those in which other processes had the processors. Results must be
    picklable: use it for code that is trusted not to forge one.
    """
    context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
    settle()
    waiting = list(reversed(jobs))
    running: list[_Running[Job]] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Running(context, work, waiting.pop(), limit))
            wait([one.answer for one in running], max(0.0, min(one.left for one in running)))
            for one in [one for one in running if one.answer.poll() or one.left <= 0]:
                running.remove(one)
                yield one.job, one.outcome()
    finally:
        for one in running:
            one.outcome()


def preload(libraries: Iterable[str]) -> None:
    """Import what student code and checks need, so that a fork has it at once.

    One thread, in torch and in the libraries under numpy and scikit-learn: with more, a child hangs
    in its first operation, or waits for its neighbours. The first optimizer of a process imports
    a second's worth of modules, so one is built here.
    """
    from threadpoolctl import threadpool_limits

    for name in ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"):
        os.environ[name] = ""  # with a visible GPU, autograd refuses to work after a fork
    for library in libraries:
        import_module(library)
    threadpool_limits(1)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
        weight = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.Adam([weight])
        weight.sum().backward()
        optimizer.step()


def settle() -> None:
    """Exempt what is loaded so far from garbage collection in the child processes."""
    gc.collect()
    gc.freeze()


def _serve(answer: Connection, work: Callable[[Job], Any], job: Job) -> None:
    try:
        result: Any = work(job)
    except Exception as error:
        result = error
    answer.send(result)
