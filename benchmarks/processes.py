"""Processes of this machine from /proc: their parents, children and memory."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process; its start time distinguishes it from a later one with the same id."""

    pid: int
    began: int  # in clock ticks since the system started

    @property
    def runs(self) -> bool:
        return find(self.pid) == self

    @property
    def command(self) -> str:
        return command(self.pid)


def find(pid: int) -> Process | None:
    """The process with this id, if it is running."""
    with suppress(OSError):
        # the name is in parentheses and may itself contain some
        state, *fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return None if state in "ZX" else Process(pid, int(fields[18]))
    return None


def children(pid: int) -> list[int]:
    """The running children of a process, started by any of its threads."""
    found: list[int] = []
    with suppress(OSError):  # the process ends
        for task in os.listdir(PROC / str(pid) / "task"):
            with suppress(OSError):  # the thread ends
                path = PROC / str(pid) / "task" / task / "children"
                found += map(int, path.read_text().split())
    return found


def family(pid: int) -> Iterator[Process]:
    """A process and all its descendants."""
    process = find(pid)
    if process is not None:
        yield process
        for child in children(pid):
            yield from family(child)


def command(pid: int) -> str:
    """The command line of a process; empty if it is gone."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def memory(pid: int) -> float:
    """Resident memory in MB; 0 if the process is gone."""
    with suppress(OSError):
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


def share_of_memory(pid: int) -> float:
    """Memory in MB, each shared page divided by the number of processes that share it (PSS)."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def left_after(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Those still running after a time limit; returns as soon as there are none."""
    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if process.runs]) and (
        time.monotonic() < deadline
    ):
        processes = left
        time.sleep(0.05)
    return left
