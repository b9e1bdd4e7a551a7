"""A limit on the time of the student's code."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeIsUp(BaseException):
    """Raised inside the student's code; no `except Exception` there swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeIsUp` in the code under way after this long, or when the time of a limit around
    this one is over.

    Without effect where there are no alarms (Windows, threads) and while a debugger is at work.
    """
    possible = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not possible:
        yield
        return

    rung = False

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal rung
        rung = True
        if left and time.monotonic() - started >= left and callable(before):
            before(number, frame)  # the other limit knows how long it was
        if sys.gettrace() is None:
            raise TimeIsUp(f"not done after {seconds:g} s")

    started = time.monotonic()
    left, _ = signal.getitimer(signal.ITIMER_REAL)  # of the limit around this one, or 0
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, left) if left else seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            left -= time.monotonic() - started
            if left > 0 or not rung:
                signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
