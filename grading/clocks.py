"""How a process has spent its time: computing, ready to compute, or waiting."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_own: int | None = None  # an open file, where this process will not be able to open it


@dataclass(frozen=True)
class Spent:
    """Seconds of a process.

    Attributes:
        wall: by the clock.
        computing: on a processor, all threads together.
        queued: its first thread was ready to compute, and other processes had the processors; None
            where the system does not tell.
    """

    wall: float
    computing: float
    queued: float | None

    @property
    def own(self) -> float:
        """Without the time that other processes took, as far as the system tells."""
        return max(self.computing, self.wall - (self.queued or 0.0))

    @property
    def waiting(self) -> float:
        """In which it had nothing to compute; 0 where the system does not tell."""
        return 0.0 if self.queued is None else max(0.0, self.wall - self.queued - self.computing)


class Stopwatch:
    """Times a process from now on: this one, or on Linux the one with number `pid`."""

    def __init__(self, pid: int | None = None) -> None:
        self.pid = pid
        self.start = self._now()

    def spent(self) -> Spent:
        (wall, computing, queued), (wall0, computing0, queued0) = self._now(), self.start
        unknown = queued is None or queued0 is None
        return Spent(
            wall - wall0,
            max(0.0, computing - computing0),  # it may have ended
            None if unknown else max(0.0, queued - queued0),  # type: ignore[operator]
        )

    def _now(self) -> tuple[float, float, float | None]:
        return time.monotonic(), _computing(self.pid), _queued(self.pid)


def keep_in_sight() -> None:
    """Keep this process's own clock readable; call it before access to /proc is lost."""
    global _own
    _own = os.open("/proc/self/schedstat", os.O_RDONLY) if _queued(None) is not None else None


def _computing(pid: int | None) -> float:
    if pid is None:
        return time.process_time()
    try:
        return time.clock_gettime(~pid << 3 | 2)  # see clock_getcpuclockid(3)
    except OSError:  # it has ended, or this is not Linux
        return 0.0


def _queued(pid: int | None) -> float | None:
    try:
        if pid is None and _own is not None:
            text = os.pread(_own, 100, 0).decode()
        else:
            text = Path(f"/proc/{pid or 'self'}/schedstat").read_text()
        return int(text.split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
