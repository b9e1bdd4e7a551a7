"""Messages over a socket: the length of the message (4 bytes, little-endian), then the message.

What a message holds is plain data, see `grading.checks.evidence`; nothing is pickled.
"""

import socket
import struct
import time

from grading.checks.evidence import MAX_BYTES, MalformedEvidence

_LENGTH = struct.Struct("<I")
_AT_ONCE = 1 << 20


class WireError(Exception):
    """The other side is gone."""


class Late(Exception):
    """The message did not come in time."""


def send(connection: socket.socket, message: bytes, seconds: float | None = None) -> None:
    """Send one message.

    Raises:
        WireError: the other side is gone.
        Late: it does not read; `seconds` are over.
    """
    connection.settimeout(seconds)
    try:
        connection.sendall(_LENGTH.pack(len(message)) + message)
    except TimeoutError:
        raise Late from None
    except OSError as error:
        raise WireError(str(error)) from None


def receive(connection: socket.socket, deadline: float | None = None) -> bytes:
    """The next message; `deadline` on the clock of `time.monotonic`.

    Raises:
        WireError: the other side is gone.
        MalformedEvidence: the message is too long.
        Late: the message is not whole at the deadline, however slowly it drips.
    """
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, deadline))
    if length > MAX_BYTES:
        raise MalformedEvidence(f"{length} bytes are more than the {MAX_BYTES} allowed")
    return _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, n: int, deadline: float | None) -> bytes:
    chunks = []
    while n > 0:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise Late
        connection.settimeout(left)
        try:
            chunk = connection.recv(min(n, _AT_ONCE))
        except TimeoutError:
            raise Late from None
        except OSError as error:
            raise WireError(str(error)) from None
        if not chunk:
            raise WireError("the other side is gone")
        chunks.append(chunk)
        n -= len(chunk)
    return b"".join(chunks)
