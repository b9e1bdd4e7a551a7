"""The process in which student code runs. Nothing it says is trusted."""

import io
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from grading.checks.evidence import decode, encode
from grading.checks.runner import act, describe
from grading.clocks import keep_in_sight
from grading.sandbox.wire import WireError, receive, send

MOST_PRINTED = 10_000  # bytes; six times as many in JSON, if they are control characters


def serve(connection: socket.socket, module: Path) -> None:
    """Answer requests until the other side is gone.

    A request is two messages: which probe to run and how, then its inputs. So is an answer: what
    happened, then the evidence.
    """
    while True:
        try:
            request, inputs = decode(receive(connection)), receive(connection)
        except WireError:
            return
        printed = Printed()
        output = sys.stdout = as_text(printed)
        sys.stderr = as_text(Printed())
        error, evidence = None, b""
        try:
            probe = getattr(sys.modules[request["module"]], request["probe"])
            evidence = act(module, probe, inputs, request["seed"], request["seconds"])
        except BaseException as stopped:
            error = describe(stopped, module)
        output.flush()
        text = printed.kept.decode("utf-8", "replace")
        send(connection, encode({"number": request["number"], "printed": text, "error": error}))
        send(connection, evidence)


def prepare(folder: Path) -> None:
    """Remove traces of where this process comes from; `folder` is its own from now on."""
    os.environ.clear()
    os.environ.update(HOME=str(folder), TMPDIR=str(folder), LANG="C.UTF-8")
    tempfile.tempdir = str(folder)
    sys.argv[:] = ["worker"]
    sys.dont_write_bytecode = True
    keep_in_sight()
    _fetch_batches_here()


def _fetch_batches_here() -> None:
    """Have a DataLoader with `num_workers` load in this process: it cannot start others."""
    if "torch" not in sys.modules:
        return
    from torch.utils.data import DataLoader

    original = DataLoader.__init__

    def in_this_process(self: DataLoader, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("num_workers"):
            names = (
                "num_workers",
                "prefetch_factor",
                "persistent_workers",
                "multiprocessing_context",
            )
            kwargs = {name: value for name, value in kwargs.items() if name not in names}
        original(self, *args, **kwargs)

    DataLoader.__init__ = in_this_process  # type: ignore[method-assign]


class Printed(io.RawIOBase):
    """A file that keeps only the beginning of what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.kept += bytes(data)[: max(0, MOST_PRINTED - len(self.kept))]
        return len(data)


def as_text(file: Printed) -> io.TextIOWrapper:
    buffered = io.BufferedWriter(file)
    return io.TextIOWrapper(buffered, "utf-8", errors="backslashreplace", write_through=True)
