"""Limits on the time of the student's code.

Only the time in which the code computes counts, so that a busy machine takes none of it away.
Code that waits, or that hardly gets a processor, is stopped later.
"""

import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

from grading.clocks import Spent, Stopwatch

# For each second of computing, a limit also allows this many seconds
WAITING = 2.0  # of waiting
WALL = 12.0  # by the clock
IMPORTS = 3  # all of it this many times during an import, which is not the student's code
SOON = 0.005  # the least number of seconds from one look at the clocks to the next

Cause = Literal["loop", "wait", "busy", "import"]


class TimeIsUp(BaseException):
    """Raised inside the student's code; no `except Exception` there swallows it.

    Attributes:
        cause: what the time went into.
    """

    cause: Cause = "loop"


@contextmanager
def time_limit(seconds: float, waiting: bool = True) -> Iterator[None]:
    """Raise `TimeIsUp` in the running code once it has computed for `seconds`; with `waiting`, also
    once it has waited, or been kept waiting, for much longer. Limits cannot be nested: there is
    only one alarm.

    Has no effect where there are no alarms (Windows, threads) or under a debugger.
    """
    on_main_thread = threading.current_thread() is threading.main_thread()
    if seconds == math.inf or not (hasattr(signal, "setitimer") and on_main_thread):
        yield
        return
    limit = _Limit(seconds, waiting)
    before = signal.signal(signal.SIGALRM, limit.ring)
    limit.set_alarm()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class _Limit:
    """A running limit, in seconds of computing; `waiting`: whether other time counts as well."""

    seconds: float
    waiting: bool
    watch: Stopwatch = field(default_factory=Stopwatch)
    for_imports: int = IMPORTS - 1

    def set_alarm(self) -> None:
        """For the first moment at which the limit may be exceeded."""
        spent = self.watch.spent()
        left = [self.seconds - spent.computing]
        if self.waiting:
            left += [self.seconds - spent.waiting / WAITING, self.seconds - spent.wall / WALL]
        signal.setitimer(signal.ITIMER_REAL, max(min(left), SOON))

    def ring(self, _: int, frame: FrameType | None) -> None:
        """Raise the error if the limit is exceeded; otherwise look again later."""
        if sys.gettrace() is not None:
            return
        spent = self.watch.spent()
        cause = over(spent, self.seconds)
        if cause is None or not (self.waiting or cause == "loop"):
            self.set_alarm()
            return
        if _imports(frame):
            cause = "import"
            if self.for_imports:
                self.for_imports -= 1
                self.watch = Stopwatch()
                self.set_alarm()
                return
        error = TimeIsUp(why(cause, spent, self.seconds))
        error.cause = cause
        raise error


def over(spent: Spent, seconds: float, grace: float = 0.0) -> Cause | None:
    """Why a limit of so many seconds of computing is exceeded; None if it is not."""
    if spent.computing >= seconds + grace:
        return "loop"
    if spent.waiting >= WAITING * seconds + grace:
        return "wait"
    return "busy" if spent.wall >= WALL * seconds + grace else None


def why(cause: Cause, spent: Spent, seconds: float) -> str:
    """How the limit was exceeded, in words for a student."""
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


def _imports(frame: FrameType | None) -> bool:
    """Whether a package is being imported, rather than the student's own code running."""
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("student."):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
