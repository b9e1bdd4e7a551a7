"""Messages over a socket: the length of the message (4 bytes, little-endian), then the message.

What a message holds is plain data, see `grading.checks.evidence`; nothing is pickled.
"""

import socket
import struct
import time
from collections.abc import Callable

from grading.checks.evidence import MAX_BYTES, MalformedEvidence
from grading.checks.limits import Cause

_LENGTH = struct.Struct("<I")
_AT_ONCE = 1 << 20
LOOK = 0.25  # seconds between two looks at the other side

Look = Callable[[], None]


class WireError(Exception):
    """The other side is gone."""


class Late(Exception):
    """The message did not come in time; `cause` says where the time went."""

    def __init__(self, cause: Cause = "loop") -> None:
        super().__init__(cause)
        self.cause = cause


def no_look() -> None:
    """Wait forever."""


def send(connection: socket.socket, message: bytes, look: Look = no_look) -> None:
    """Send one message; `look` is as in `receive`.

    Raises:
        WireError: the other side is gone.
    """
    connection.settimeout(LOOK)
    left = memoryview(_LENGTH.pack(len(message)) + message)
    while left:
        try:
            left = left[connection.send(left) :]
        except TimeoutError:
            look()
        except OSError as error:
            raise WireError(str(error)) from None


def receive(connection: socket.socket, look: Look = no_look) -> bytes:
    """The next message; `look` is called now and then until it is complete, and may raise.

    Raises:
        WireError: the other side is gone.
        MalformedEvidence: the message is too long.
    """
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, look))
    if length > MAX_BYTES:
        raise MalformedEvidence(f"{length} bytes are more than the {MAX_BYTES} allowed")
    return _exactly(connection, length, look)


def until(deadline: float) -> Look:
    """A `look` that raises Late once `time.monotonic()` passes the deadline."""

    def look() -> None:
        if time.monotonic() >= deadline:
            raise Late

    return look


def _exactly(connection: socket.socket, n: int, look: Look) -> bytes:
    connection.settimeout(LOOK)
    chunks = []
    while n > 0:
        try:
            chunk = connection.recv(min(n, _AT_ONCE))
        except TimeoutError:
            look()
            continue
        except OSError as error:
            raise WireError(str(error)) from None
        if not chunk:
            raise WireError("the other side is gone")
        chunks.append(chunk)
        n -= len(chunk)
        if n > 0:
            look()
    return b"".join(chunks)
