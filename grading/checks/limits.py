"""Limits on the time of the student's code."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class Limit:
    """A limit under way; `deadline` is on the clock of `time.monotonic`."""

    seconds: float
    deadline: float
    rung: bool = False


class TimeIsUp(BaseException):
    """Raised inside the student's code; no `except Exception` there swallows it."""

    limit: Limit | None = None


_under_way: list[Limit] = []  # the outermost first


@contextmanager
def time_limit(seconds: float) -> Iterator[Limit]:
    """Raise `TimeIsUp` in the code under way after this long. A limit may lie within another: the
    error says whose time it was.

    Without effect where there are no alarms (Windows, threads) and while a debugger is at work.
    """
    limit = Limit(seconds, time.monotonic() + seconds)
    possible = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not possible:
        yield limit
        return
    before = signal.signal(signal.SIGALRM, _ring)
    _under_way.append(limit)
    _set_alarm()
    try:
        yield limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _under_way.remove(limit)
        signal.signal(signal.SIGALRM, before)
        _set_alarm()


def time_left() -> float:
    """Seconds until the first of the limits under way; infinite if there is none."""
    deadlines = [limit.deadline for limit in _under_way if not limit.rung]
    return min(deadlines) - time.monotonic() if deadlines else float("inf")


def _set_alarm() -> None:
    left = time_left()
    signal.setitimer(signal.ITIMER_REAL, 0 if left == float("inf") else max(left, 0.001))


def _ring(*_: object) -> None:
    """Raise the error of the outermost limit that is over, and see to the others around it."""
    if sys.gettrace() is not None:
        return
    now = time.monotonic()
    over = next((one for one in _under_way if not one.rung and one.deadline <= now), None)
    if over is not None:
        for limit in _under_way[_under_way.index(over) :]:
            limit.rung = True
    _set_alarm()
    if over is not None:
        error = TimeIsUp(f"not done after {over.seconds:g} s")
        error.limit = over
        raise error
