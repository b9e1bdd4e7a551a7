"""Runs a notebook for nbgrader; whatever the notebook does, a notebook with outputs comes back."""

import json
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import preprocessors
from traitlets import Integer

LARGEST_MESSAGE = 256 << 20  # bytes; a kernel that sends more is cut off
LEAST = 100  # characters that any output counts for
RESULT = 1000  # characters of a result that are kept in any case: it may be a score
LINE = 4000  # characters of a frame of a traceback
TRACEBACK = 20_000  # characters
CUT = "\n… (the rest of the output is left out: it is too long)\n"

KERNEL_ENDED = "The kernel ended while this cell ran: by an exit, a crash, or a limit on memory."
NO_ANSWER = (
    "This cell could not be stopped when its time was over, or sent more than can be read at once, "
    "so the kernel was ended."
)
NOT_RUN = "This cell was not run: the kernel had ended in a cell above."


class KernelManager(AsyncKernelManager):
    """Has a folder of its own for a kernel's sockets, and a limit on what a kernel can send."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._sockets: tempfile.TemporaryDirectory[str] | None = None
        if self.transport == "ipc":
            self._sockets = tempfile.TemporaryDirectory(
                dir=Path(self.ip).parents[1], ignore_cleanup_errors=True
            )
            self.ip = str(Path(self._sockets.name) / "k")

    def client(self, **settings: Any) -> Any:
        client = super().client(**settings)
        client.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        return client

    async def cleanup_resources(  # type: ignore[override]  # as AsyncKernelManager does
        self, restart: bool = False
    ) -> None:
        await super().cleanup_resources(restart=restart)
        if self._sockets is not None and not restart:
            self._sockets.cleanup()


class Execute(preprocessors.Execute):
    """nbgrader's, with limits on time and output, and an end of the kernel that costs what follows.

    With nbgrader's own, a kernel that ends costs the whole notebook its grade, and it looks like a
    zero in the export.
    """

    max_seconds = Integer(600, help="for a whole notebook").tag(config=True)
    max_text = Integer(20_000, help="characters that a cell can print").tag(config=True)
    max_output = Integer(5_000_000, help="characters of all outputs together").tag(config=True)

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("kernel_manager_class", KernelManager)
        super().__init__(*args, **settings)
        self.timeout_func = self._seconds_for

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> Any:
        self._deadline = time.monotonic() + self.max_seconds
        self._kernel_ended = False
        self._room = self.max_output
        self._room_for_text: dict[int, int] = {}
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> Any:
        if self._kernel_ended:
            if cell.cell_type == "code":
                cell.outputs = [_error("NotRun", NOT_RUN)]
            return cell, resources
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._kernel_ended = True
            cell.outputs.append(_error("KernelEnded", KERNEL_ENDED))
        except CellTimeoutError:
            self._kernel_ended = True
            cell.outputs.append(_error("CellTimeoutError", NO_ANSWER))
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.update(_short_error(output))  # the reply can hold one as well
        return cell, resources

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Of each message only what there is room for; a notebook is not to hold 100 MB.

        An error always is, as without one a test passes.
        """
        kind = msg["msg_type"]
        if kind.startswith("comm"):
            return None  # widgets: what they show is not graded
        if kind == "stream":
            msg["content"] = self._short_text(msg["content"], cell_index)
        elif kind in ("execute_result", "display_data", "update_display_data"):
            msg["content"] = self._short_data(msg["content"])
        elif kind == "error":
            msg["content"] = _short_error(msg["content"])
            self._room -= _size(msg["content"])
        else:
            return super().process_message(msg, cell, cell_index)
        full = self._room < 0 and kind != "error" and kind != "execute_result"
        if full or not msg["content"] or self._room < -self.max_output:
            return None
        return super().process_message(msg, cell, cell_index)

    def _seconds_for(self, cell: NotebookNode) -> int:
        """For one cell; at least 1, as 0 would mean no limit."""
        left = math.ceil(self._deadline - time.monotonic())
        return max(1, min(left, self.timeout or left))

    def _short_text(self, content: dict[str, Any], index: int) -> dict[str, Any]:
        room = self._room_for_text.get(index, self.max_text)
        text = content.get("text", "")
        if room <= 0:
            return {}
        self._room_for_text[index] = room - max(LEAST, len(text))
        self._room -= max(LEAST, min(room, len(text)))
        return content if len(text) <= room else {**content, "text": text[:room] + CUT}

    def _short_data(self, content: dict[str, Any]) -> dict[str, Any]:
        size = max(LEAST, _size(content))
        if size <= self._room:
            self._room -= size
            return content
        self._room -= RESULT
        text = str(content.get("data", {}).get("text/plain", ""))
        kept = {"text/plain": text if len(text) <= RESULT else text[:RESULT] + CUT}
        return {**content, "data": kept, "metadata": {}}


def _error(name: str, text: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _short_error(content: dict[str, Any]) -> dict[str, Any]:
    """The error with its name, the start of its text, and the end of its traceback."""
    kept: list[str] = []
    for line in reversed(content["traceback"]):
        kept.insert(0, line if len(line) <= LINE else line[:LINE] + CUT)
        if sum(map(len, kept)) > TRACEBACK:
            break
    text = content["evalue"]
    return {
        **content,
        "ename": content["ename"][:RESULT],
        "evalue": text if len(text) <= LINE else text[:LINE] + CUT,
        "traceback": kept,
    }


def _size(content: dict[str, Any]) -> int:
    return len(json.dumps(content, default=str))
