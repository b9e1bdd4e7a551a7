"""Is a worker really confined? Each thing that it must not be able to do is tried at start.

What the kernel claims to offer is not enough: a container's filter, for example, may accept a call
and ignore it.
"""

import os
import socket
from collections.abc import Callable
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, mmap
from pathlib import Path
from types import ModuleType


def escapes(module: ModuleType, course: str, grader: int) -> list[str]:
    """What this process can do that student code must not, in words.

    Args:
        course: a file of the course.
        grader: the process id of the grader.
    """
    attempts: dict[str, Callable[[], object]] = {
        "read a file of the course": lambda: Path(course).read_bytes(),
        "change a file of the course": lambda: os.close(os.open(course, os.O_WRONLY)),
        "write outside its folder": lambda: Path("..", f"canary-{os.getpid()}").touch(),
        "list the temporary folders": lambda: os.listdir(".."),
        "open a connection": lambda: socket.socket().close(),
        "start a process": _start_a_process,
        "start a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "signal the grader": lambda: os.kill(grader, 0),
        "look into the grader": lambda: Path(f"/proc/{grader}/environ").read_bytes(),
        "take as much memory as it likes": _reserve_memory,
    }
    return [what for what, attempt in attempts.items() if _succeeds(attempt)]


def _reserve_memory() -> None:
    """Address space alone: the machine's memory is not filled where nothing is in the way."""
    mmap(-1, 8 << 30, MAP_PRIVATE | MAP_ANONYMOUS, PROT_READ).close()


def _start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return False
    return True
