"""The parent of all workers: it has loaded the probes and the libraries, and knows no answer.

`python -m grading.sandbox.zygote FD COURSE STAGE READABLE…` reads orders from the socket FD, each a
JSON document with the worker's end of a connection attached. For each it forks a worker, and sends
back a handle (a pidfd) by which the worker can be stopped, whoever has its process id by then.
STAGE and READABLE… are what `view.is_allowed` asks for.

It must never import a check, a solution or a hidden check: workers inherit its memory.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import warnings
from pathlib import Path

from grading import manifest
from grading.forks import preload, settle
from grading.sandbox import canary, view, worker  # noqa: F401 (workers find the canary loaded)
from grading.sandbox.confine import CONNECTION, confine, offered
from grading.sandbox.wire import send

READY = b"ready"
PRIVATE = b"ready, and workers have a file system of their own"


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    course = manifest.load(Path(sys.argv[2]))
    offered()  # imports what confinement needs; a confined worker no longer can
    for part in course.parts:
        if (course.exercises / part.folder / "probes.py").is_file():
            importlib.import_module(f"exercises.{part.folder}.probes")
    preload(course.libraries)
    settle()
    # Newer Pythons warn of threads at a fork; those that torch keeps have nothing to do here.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    stage, *readable = map(Path, sys.argv[3:])
    private = view.is_allowed(readable, course.exercises, stage)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps workers
    control.sendall(PRIVATE if private else READY)
    with contextlib.suppress(OSError):  # if the grader was killed in the middle of an order
        while _carried_out(control):
            pass
    os._exit(0)  # the grader is gone; a normal exit of torch would take a second


def _carried_out(control: socket.socket) -> bool:
    """Take the next order and fork a worker; False when the grader is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
    if not message:
        return False
    order = json.loads(message)
    child = os.fork()
    if child == 0:
        _become_worker(descriptors[0], order)
    handle = os.pidfd_open(child)
    socket.send_fds(control, [READY], [handle])
    os.close(handle)
    os.close(descriptors[0])
    return True


def _become_worker(descriptor: int, order: dict) -> None:
    """In the child: confine it, and serve until the connection ends."""
    with contextlib.suppress(BaseException):
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _keep_only(descriptor)
        connection = socket.socket(fileno=CONNECTION)
        try:
            folder, module = Path(order["folder"]), Path(order["module"])
            readable = map(Path, order["readable"])
            protected, private = order["protected"], order["private"]
            worker.prepare(view.FOLDER if private else folder)
            confine(readable, module.parent, folder, order["user_id"], protected, private)
            if private:
                module = view.SUBMISSION / module.name
        except BaseException as error:
            send(connection, repr(error).encode())
            raise
        send(connection, READY)  # no student code has run yet
        worker.serve(connection, module)
    os._exit(0)


def _keep_only(descriptor: int) -> None:
    """Close every file but the connection, which becomes number 3."""
    nothing = os.open(os.devnull, os.O_RDWR)
    connection = os.dup(descriptor)
    os.closerange(CONNECTION, min(nothing, connection))
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.dup2(connection, CONNECTION)
    os.closerange(CONNECTION + 1, os.sysconf("SC_OPEN_MAX"))


if __name__ == "__main__":
    main()
