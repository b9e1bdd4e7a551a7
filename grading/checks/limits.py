"""Limits on the time of the student's code.

What counts is the time in which the code computes, so that a busy machine takes none of it away.
Code that waits, and a machine that is too busy for anything, are stopped later.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

from grading.clocks import Spent, Stopwatch

# For each second of computing that a limit allows, so many are allowed
WAITING = 2.0  # to wait
WALL = 12.0  # to pass by the clock
IMPORTS = 3  # and so many times all of it while a package is imported: that is not the student's
SOON = 0.005  # seconds, at least, from one look at the clocks to the next

Cause = Literal["loop", "wait", "busy", "import"]


@dataclass(eq=False)
class Limit:
    """A limit under way, in seconds of computing; `waiting`: whether other time counts as well."""

    seconds: float
    waiting: bool = True
    watch: Stopwatch = field(default_factory=Stopwatch)
    for_imports: int = IMPORTS - 1
    rung: bool = False

    def over(self) -> Cause | None:
        cause = over(self.watch.spent(), self.seconds)
        return cause if self.waiting or cause == "loop" else None

    def left(self) -> float:
        """Seconds of computing."""
        spent = self.watch.spent()
        left = [self.seconds - spent.computing]
        if self.waiting:
            left += [self.seconds - spent.waiting / WAITING, self.seconds - spent.wall / WALL]
        return min(left)


class TimeIsUp(BaseException):
    """Raised inside the student's code; no `except Exception` there swallows it.

    Attributes:
        cause: what the time went into.
        limit: whose time it was.
    """

    cause: Cause = "loop"
    limit: Limit | None = None


_under_way: list[Limit] = []  # the outermost first


@contextmanager
def time_limit(seconds: float, waiting: bool = True) -> Iterator[Limit]:
    """Raise `TimeIsUp` in the code under way once it has computed for so long; with `waiting` also
    once it has waited or been kept waiting for much longer. A limit may lie within another: the
    error says whose time it was.

    Without effect where there are no alarms (Windows, threads) and while a debugger is at work.
    """
    limit = Limit(seconds, waiting)
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
    """Seconds of computing until the first of the limits under way; infinite if there is none."""
    return min((limit.left() for limit in _under_way if not limit.rung), default=float("inf"))


def over(spent: Spent, seconds: float, grace: float = 0.0) -> Cause | None:
    """Why so many seconds of computing, and what goes with them, are over; None if they are not."""
    if spent.computing >= seconds + grace:
        return "loop"
    if spent.waiting >= WAITING * seconds + grace:
        return "wait"
    return "busy" if spent.wall >= WALL * seconds + grace else None


def why(cause: Cause, spent: Spent, seconds: float) -> str:
    """What a student is told of it."""
    match cause:
        case "loop":
            return f"not done after {seconds:g} s"
        case "import":
            return f"an import was not done after {IMPORTS * seconds:g} s"
        case "wait":
            return f"it has waited for {WAITING * seconds:g} s"
        case "busy":
            computed = f"of which it could compute for {spent.computing:.1f} s"
            return f"not done after {WALL * seconds:g} s, {computed}"


def _set_alarm() -> None:
    left = time_left()
    signal.setitimer(signal.ITIMER_REAL, 0 if left == float("inf") else max(left, SOON))


def _ring(_: int, frame: FrameType | None) -> None:
    """Raise the error of the outermost limit that is over, and see to the others around it."""
    if sys.gettrace() is not None:
        return
    error = None
    importing = _imports(frame)
    for limit in _under_way:
        cause = None if limit.rung else limit.over()
        if cause is None:
            continue
        if importing and limit.for_imports:
            limit.for_imports -= 1
            limit.watch = Stopwatch()
            continue
        cause = "import" if importing else cause
        error = TimeIsUp(why(cause, limit.watch.spent(), limit.seconds))
        error.cause, error.limit = cause, limit
        for inner in _under_way[_under_way.index(limit) :]:
            inner.rung = True
        break
    _set_alarm()
    if error is not None:
        raise error


def _imports(frame: FrameType | None) -> bool:
    """Whether a package is being imported, and not the student's own code at work."""
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("student."):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
